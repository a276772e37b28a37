# fairlead_warnings: what our own targets compile with.
add_library(fairlead_warnings INTERFACE)
target_compile_options(fairlead_warnings INTERFACE -Wall -Wextra -Wpedantic $<$<BOOL:${FAIRLEAD_WERROR}>:-Werror>
                       # Once it optimises or instruments, GCC 12 sees overlapping copies in std::string's own operator+ (GCC bug
                       # 105651) and takes the empty half of a std::optional for a read of uninitialised memory.
                       "$<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<NOT:$<CONFIG:Debug>>>:-Wno-restrict;-Wno-maybe-uninitialized>")
if(FAIRLEAD_SANITIZE)
  target_compile_options(fairlead_warnings INTERFACE -fsanitize=${FAIRLEAD_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
                         $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-maybe-uninitialized>)
  target_link_options(fairlead_warnings INTERFACE -fsanitize=${FAIRLEAD_SANITIZE})
endif()

# fairlead_room(NAME SOURCES a.cpp … ROOMS base ir … LIBRARIES fmt::fmt … TESTS a_test.cpp …)
#
# A room of the framework: a static library that is linked whole into libfairlead.so. ROOMS are the rooms whose headers it
# may include; tests/rooms checks every #include against them. TESTS become one executable NAME_test.
function(fairlead_room name)
  cmake_parse_arguments(PARSE_ARGV 1 room "" "" "SOURCES;ROOMS;LIBRARIES;TESTS;TEST_LIBRARIES;TEST_ENVIRONMENT")
  list(TRANSFORM room_ROOMS PREPEND fairlead_)
  add_library(fairlead_${name} STATIC ${room_SOURCES})
  target_include_directories(fairlead_${name} PUBLIC ${PROJECT_SOURCE_DIR}/framework)
  target_link_libraries(fairlead_${name} PUBLIC ${room_ROOMS} fmt::fmt PRIVATE fairlead_warnings ${room_LIBRARIES})
  set_property(GLOBAL APPEND PROPERTY FAIRLEAD_ROOMS fairlead_${name})
  if(FAIRLEAD_TESTS AND room_TESTS)
    add_executable(${name}_test ${room_TESTS})
    target_link_libraries(${name}_test PRIVATE fairlead_${name} fairlead_warnings ${room_LIBRARIES} ${room_TEST_LIBRARIES} GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE FAIRLEAD_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
    gtest_discover_tests(${name}_test TEST_PREFIX ${name}. PROPERTIES LABELS "room" ENVIRONMENT "${room_TEST_ENVIRONMENT}"
                         DISCOVERY_MODE PRE_TEST)
  endif()
endfunction()
