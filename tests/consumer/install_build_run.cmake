# Installs the build tree BUILD into an empty folder, moves the folder, builds SOURCE against it and runs it on PROGRAM.
function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${FOLDER}/installed ${FOLDER}/moved ${FOLDER}/build)
foreach(component IN ITEMS sdk core)
  run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${FOLDER}/installed --component ${component})
endforeach()
file(RENAME ${FOLDER}/installed ${FOLDER}/moved) # an install finds its parts wherever it lies
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${FOLDER}/build -DCMAKE_PREFIX_PATH=${FOLDER}/moved -DCMAKE_BUILD_TYPE=Release
    -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_FLAGS=${FLAGS})
run(${CMAKE_COMMAND} --build ${FOLDER}/build)
run(${FOLDER}/build/application ${PROGRAM} ${FOLDER}/build/digits.onnx)
