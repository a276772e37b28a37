# fairlead_add_plugin(TARGET SOURCES a.cpp … [LIBRARIES x …] [OUTPUT_NAME name] [BUILTIN])
#
# A Fairlead plugin: NAME.fairlead.so, which exports fl_plugin_entry_v1 and nothing else, is bound completely when it is
# loaded, and sees fairlead/sdk as its only headers of ours. C11 or C++20.
#
# OUTPUT_NAME  the NAME of the file; TARGET when not given
# BUILTIN      one of Fairlead's own: lies beside libfairlead.so, built and installed (inside Fairlead's tree only)
#
# FAIRLEAD_SANITIZE ("address,undefined") builds the plugin for a host that was built so; another host refuses it.
#
# Hidden visibility is not enough: inline statics of the standard library (the digits of std::to_chars) are exported all
# the same, and as unique symbols they would join two plugins for ever. Hence plugin.map and -fno-gnu-unique.
function(fairlead_add_plugin target)
  cmake_parse_arguments(PARSE_ARGV 1 plugin "BUILTIN" "OUTPUT_NAME" "SOURCES;LIBRARIES")
  if(plugin_UNPARSED_ARGUMENTS OR NOT plugin_SOURCES)
    message(FATAL_ERROR "fairlead_add_plugin(${target}): SOURCES are needed; not understood: '${plugin_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT plugin_OUTPUT_NAME)
    set(plugin_OUTPUT_NAME ${target})
  endif()

  add_library(${target} MODULE ${plugin_SOURCES})
  target_link_libraries(${target} PRIVATE fairlead::sdk ${plugin_LIBRARIES})
  set_target_properties(${target} PROPERTIES PREFIX "" SUFFIX ".fairlead.so" OUTPUT_NAME ${plugin_OUTPUT_NAME}
                        C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
                        POSITION_INDEPENDENT_CODE ON C_EXTENSIONS OFF CXX_EXTENSIONS OFF)
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if("C" IN_LIST languages)
    target_compile_features(${target} PRIVATE c_std_11)
  endif()
  if("CXX" IN_LIST languages)
    target_compile_features(${target} PRIVATE cxx_std_20)
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  endif()

  set(map ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  target_link_options(${target} PRIVATE LINKER:--version-script=${map} LINKER:-z,now LINKER:-z,relro)
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${map})
  if(FAIRLEAD_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${FAIRLEAD_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${FAIRLEAD_SANITIZE})
  endif()
  # A sanitizer's runtime may live in the executable only: its symbols are rightly undefined here.
  if(NOT "${FAIRLEAD_SANITIZE} ${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS} ${CMAKE_MODULE_LINKER_FLAGS}" MATCHES "address|thread|memory|-fsanitize")
    target_link_options(${target} PRIVATE LINKER:-z,defs)
  endif()

  if(plugin_BUILTIN)
    set_property(GLOBAL APPEND PROPERTY FAIRLEAD_BUILTIN_PLUGINS ${target})
    target_link_libraries(${target} PRIVATE fairlead_warnings)
    set_target_properties(${target} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/${FAIRLEAD_PLUGIN_DIR})
    install(TARGETS ${target} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/${FAIRLEAD_PLUGIN_DIR} COMPONENT core)
  endif()
endfunction()
