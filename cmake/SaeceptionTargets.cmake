# SPDX-License-Identifier: GPL-3.0-or-later
# How every target of the project is made: warnings as errors, hidden third-party warnings, torch only where it is asked for.

# saeception_options(TARGET): the compile options every target of ours shares.
function(saeception_options target)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror)
    # No a*b+c contraction: with it the same source gives other last bits on other vector widths.
    target_compile_options(${target} PRIVATE -ffp-contract=off)
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/core)
    target_compile_definitions(${target} PRIVATE SAECEPTION_VERSION="${PROJECT_VERSION}")
endfunction()

# saeception_use_torch(TARGET): torch's headers as system headers, precompiled; they stay private to the target.
function(saeception_use_torch target)
    # at::parallel_for is inline: compiled without OpenMP it would quietly run on one thread.
    target_link_libraries(${target} PRIVATE ${TORCH_LIBRARIES} OpenMP::OpenMP_CXX)
    target_include_directories(${target} SYSTEM PRIVATE ${TORCH_INCLUDE_DIRS})
    if(NOT "${target}" STREQUAL "saeception_torch_headers")
        target_precompile_headers(${target} REUSE_FROM saeception_torch_headers)
    endif()
endfunction()

# saeception_layer(NAME [TORCH] SOURCES ... DEPENDS ...): one layer of core; DEPENDS name the layers below it.
function(saeception_layer name)
    cmake_parse_arguments(ARG "TORCH" "" "SOURCES;DEPENDS" ${ARGN})
    set(target saeception_${name})
    add_library(${target} STATIC ${ARG_SOURCES})
    saeception_options(${target})
    if(ARG_TORCH)
        saeception_use_torch(${target})
    endif()
    foreach(dependency ${ARG_DEPENDS})
        if(TARGET saeception_${dependency})
            target_link_libraries(${target} PUBLIC saeception_${dependency})
        else()
            target_link_libraries(${target} PUBLIC ${dependency})
        endif()
    endforeach()
endfunction()
