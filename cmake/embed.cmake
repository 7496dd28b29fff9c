# cmake -D OUT=FILE.cpp -D "FILES=A;B" -P embed.cmake: a C++ source with the text of the files, as
# api/http/web_file.hpp declares it. A raw string literal each: no tool but the compiler is needed.

set(rows)
foreach(file IN LISTS FILES)
    get_filename_component(name ${file} NAME)
    file(READ ${file} text)
    string(APPEND rows "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
endforeach()
file(WRITE ${OUT} "#include \"api/http/web_file.hpp\"

namespace aconite::api {
namespace {

constexpr web_file files[] = {
${rows}};

}  // namespace

std::span<web_file const> web_files()
{
    return files;
}

}  // namespace aconite::api
")
