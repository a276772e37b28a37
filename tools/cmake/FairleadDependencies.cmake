# Third parties, each for the one room that may use it (framework/README.md). tools/setup made the prefix; a
# CMAKE_PREFIX_PATH given by hand comes first.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS tools/setup tools/dependencies/python-judge.txt
             tools/dependencies/python-torch.txt tools/dependencies/python-models.txt tools/dependencies/python-sweep.txt)
execute_process(COMMAND ${CMAKE_SOURCE_DIR}/tools/setup --print prefix OUTPUT_VARIABLE fairlead_prefix
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
list(APPEND CMAKE_PREFIX_PATH ${fairlead_prefix})

find_package(Boost 1.74 REQUIRED COMPONENTS program_options filesystem)
find_package(TBB REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(ZLIB REQUIRED)
find_library(FAIRLEAD_LIBMD md REQUIRED)
find_package(ONNX CONFIG)
if(NOT ONNX_FOUND)
  message(FATAL_ERROR "ONNX's C++ library is not in ${fairlead_prefix}: run tools/setup first.")
endif()
if(FAIRLEAD_TESTS)
  find_package(GTest REQUIRED)
  find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)
  # The Python that judges exported files (no PyTorch), and ONNX Runtime's library.
  foreach(key IN ITEMS python torch-python onnxruntime)
    string(MAKE_C_IDENTIFIER "FAIRLEAD_${key}" variable)
    string(TOUPPER ${variable} variable)
    execute_process(COMMAND ${CMAKE_SOURCE_DIR}/tools/setup --print ${key} OUTPUT_VARIABLE ${variable}
                    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
endif()
