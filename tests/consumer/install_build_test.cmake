# Installs the build tree BUILD into an empty folder, moves the folder, builds SOURCE against it and runs its tests.
function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${FOLDER}/installed ${FOLDER}/moved ${FOLDER}/build)
foreach(component IN ITEMS sdk core testing)
  run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${FOLDER}/installed --component ${component})
endforeach()
file(RENAME ${FOLDER}/installed ${FOLDER}/moved)
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${FOLDER}/build -DCMAKE_PREFIX_PATH=${FOLDER}/moved -DCMAKE_BUILD_TYPE=Release
    -DCMAKE_CXX_COMPILER=${COMPILER} -DTEMPLATE=${TEMPLATE} -DFAIRLEAD_SANITIZE=${SANITIZE})
run(${CMAKE_COMMAND} --build ${FOLDER}/build)
run(${CMAKE_CTEST_COMMAND} --test-dir ${FOLDER}/build --output-on-failure --no-tests=error)
