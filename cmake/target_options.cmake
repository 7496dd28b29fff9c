# What every target of this project is built with. Private: an embedder's flags are their own.

add_library(aconite_options INTERFACE)
target_compile_features(aconite_options INTERFACE cxx_std_20)
target_compile_options(aconite_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor
    -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 sees overlapping copies in "text" + std::string (GCC PR 105651).
    target_compile_options(aconite_options INTERFACE -Wno-restrict)
endif()
target_compile_definitions(aconite_options INTERFACE BOOST_ASIO_NO_DEPRECATED)
if(PROJECT_IS_TOP_LEVEL)
    target_compile_options(aconite_options INTERFACE -Werror)
endif()
if(ACONITE_SANITIZE)
    target_compile_options(aconite_options INTERFACE
        -fsanitize=${ACONITE_SANITIZE} -fno-sanitize-recover=all)
    target_link_options(aconite_options INTERFACE -fsanitize=${ACONITE_SANITIZE})
    if(ACONITE_SANITIZE MATCHES "undefined")
        # Its check of an object's type opens a pipe, and calls a process without descriptors wrong.
        target_compile_options(aconite_options INTERFACE -fno-sanitize=vptr)
    endif()
    if(ACONITE_SANITIZE STREQUAL "thread")
        # Asio's fences are not instrumented; the warning says nothing about our code.
        target_compile_options(aconite_options INTERFACE -Wno-tsan)
    endif()
endif()

function(aconite_target target)
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:aconite_options>)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
endfunction()

# With CMAKE_UNITY_BUILD: which sources the compiler is given at once. Eight of a folder, in the
# order of their names, and never of two folders, so names need be distinct within a folder only.
function(aconite_batches target)
    get_target_property(sources ${target} SOURCES)
    list(SORT sources)
    foreach(source IN LISTS sources)
        cmake_path(GET source PARENT_PATH folder)
        if(NOT folder STREQUAL last OR count EQUAL 8)
            math(EXPR batch "${batch} + 1")
            set(count 0)
            set(last ${folder})
        endif()
        math(EXPR count "${count} + 1")
        set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${target}_${batch})
    endforeach()
    set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
endfunction()

# A library of all sources directly in the named folders, main.cpp left out. KIND: STATIC, or "" for
# what BUILD_SHARED_LIBS says.
function(aconite_library target kind)
    set(sources)
    foreach(folder ${ARGN})
        file(GLOB found CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
        list(FILTER found EXCLUDE REGEX "/main\\.cpp$")
        list(APPEND sources ${found})
    endforeach()
    add_library(${target} ${kind} ${sources})
    aconite_target(${target})
    aconite_batches(${target})
endfunction()

# Makes aconite::NAME of a library, here and where it is installed.
function(aconite_public target name)
    add_library(aconite::${name} ALIAS ${target})
    target_compile_features(${target} PUBLIC cxx_std_20)
    target_include_directories(${target} PUBLIC
        $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
    set_target_properties(${target} PROPERTIES EXPORT_NAME ${name}
        VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
endfunction()
