# Loaded by the presets: ccache and mold where the machine has them. Users who embed aconite in
# their own build are not affected.
find_program(ACONITE_CCACHE ccache)
if(ACONITE_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${ACONITE_CCACHE})
endif()

find_program(ACONITE_MOLD mold)
if(ACONITE_MOLD)
    add_link_options(-fuse-ld=mold)
endif()
