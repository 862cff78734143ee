# Writes the SQL files as one C file: cmake -D SQL=<folder> -D OUTPUT=<file> -P embed.cmake
# Byte arrays, because string literals end at 4,095 bytes (C17 §5.2.4.1).
#
#   NNN_name.sql           migrations, by number
#   apply/*.sql read/*.sql functions, in the order of their paths
#   seed/*.sql             seeds, by name
cmake_minimum_required(VERSION 3.25)

set(arrays "")
set(rows "")
set(functions "")
set(seen "")
set(id 0)

function(add_file kind number name path)
  file(READ ${path} hex HEX)
  file(SHA256 ${path} checksum)
  file(SIZE ${path} size)
  string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
  string(APPEND arrays "static const unsigned char FILE_${id}[] = {\n${hex}0};\n")
  string(APPEND rows
    "    { ${kind}, ${number}, \"${name}\", \"${checksum}\", { (const char *)FILE_${id}, ${size} } },\n")
  if(kind STREQUAL "SCHEMA_FUNCTIONS")
    string(APPEND functions "${name} ${checksum}\n")
  endif()
  math(EXPR id "${id} + 1")
  set(arrays "${arrays}" PARENT_SCOPE)
  set(rows "${rows}" PARENT_SCOPE)
  set(functions "${functions}" PARENT_SCOPE)
  set(id ${id} PARENT_SCOPE)
endfunction()

file(GLOB migrations ${SQL}/*.sql)
list(SORT migrations)
foreach(path ${migrations})
  get_filename_component(stem ${path} NAME_WE)
  if(NOT stem MATCHES "^([0-9][0-9][0-9])_([a-z0-9_]+)$")
    message(FATAL_ERROR "${path}: a migration is called NNN_name.sql")
  endif()
  set(name ${CMAKE_MATCH_2})
  string(REGEX REPLACE "^0+" "" number ${CMAKE_MATCH_1})
  if(number IN_LIST seen OR NOT number)
    message(FATAL_ERROR "${path}: the number is used twice, or zero")
  endif()
  list(APPEND seen ${number})
  add_file(SCHEMA_MIGRATION ${number} ${name} ${path})
endforeach()

foreach(folder apply read seed)
  file(GLOB paths ${SQL}/${folder}/*.sql)
  list(SORT paths)
  foreach(path ${paths})
    get_filename_component(stem ${path} NAME_WE)
    if(folder STREQUAL "seed")
      add_file(SCHEMA_SEED 0 ${stem} ${path})
    else()
      add_file(SCHEMA_FUNCTIONS 0 ${folder}/${stem} ${path})
    endif()
  endforeach()
endforeach()

string(SHA256 joint "${functions}")
file(WRITE ${OUTPUT} "/* Written by common/schema/embed.cmake. */
#include \"common/schema/files.h\"

${arrays}
const struct schema_file SCHEMA_FILES[] = {
${rows}    { SCHEMA_MIGRATION, 0, NULL, NULL, { NULL, 0 } },
};
const size_t SCHEMA_FILE_COUNT = ${id};
const char SCHEMA_FUNCTIONS_CHECKSUM[] = \"${joint}\";
")
