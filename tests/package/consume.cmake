# cmake -DMODE=find_package|add_subdirectory -DBUILD=... -DSOURCE=... -DWORK=... -P consume.cmake: builds
# examples/embed_cpp as somebody else would, and runs it on the example workspace.
file(REMOVE_RECURSE ${WORK})
set(settings -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS=-O0\ -Wall\ -Wextra\ -Werror)
if(MODE STREQUAL "find_package")
  execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix COMMAND_ERROR_IS_FATAL ANY
                  OUTPUT_QUIET)
  foreach(file IN ITEMS bin/pgpm include/pgpm/deploy.h share/man/man1/pgpm.1
                        share/bash-completion/completions/pgpm share/zsh/site-functions/_pgpm
                        share/fish/vendor_completions.d/pgpm.fish)
    if(NOT EXISTS ${WORK}/prefix/${file})
      message(FATAL_ERROR "not installed: ${file}")
    endif()
  endforeach()
  list(APPEND settings -DCMAKE_PREFIX_PATH=${WORK}/prefix)
else()
  list(APPEND settings -DEMBED_PGPM_SOURCE=${SOURCE})
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE}/examples/embed_cpp -B ${WORK}/build ${settings}
                COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
if(MODE STREQUAL "add_subdirectory")
  # Compiling the whole engine once more would prove nothing new: the program's own file, and that what it is linked
  # with is planned for.
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK}/build --target CMakeFiles/embed.dir/main.cc.o
                  COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
  file(STRINGS ${WORK}/build/build.ninja rules REGEX "^build (embed|pgpm/unit_tests|pgpm/engine/libpgpm.a):")
  if(NOT "${rules}" MATCHES "embed: .*libpgpm.a" OR "${rules}" MATCHES "unit_tests")
    message(FATAL_ERROR "unexpected rules: ${rules}")
  endif()
  return()
endif()
execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK}/build COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
execute_process(COMMAND ${WORK}/build/embed ${SOURCE}/examples/workspace RESULT_VARIABLE status OUTPUT_VARIABLE out
                ERROR_VARIABLE err)
if(err MATCHES "^skipped: ")
  message("${err}")  # CTest looks for the word
  return()
endif()
foreach(line IN ITEMS "app-core\n  schema, verified\n" "app-billing\n  tables/invoices, verified\n"
                      "app-billing: 3 deployed, 0 pending\n")
  string(FIND "${out}" "${line}" at)
  if(at EQUAL -1 OR NOT status EQUAL 0)
    message(FATAL_ERROR "status ${status}, expected to read:\n${line}in:\n${out}${err}")
  endif()
endforeach()
