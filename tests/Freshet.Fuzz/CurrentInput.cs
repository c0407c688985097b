using System.IO.MemoryMappedFiles;

namespace Freshet.Fuzz;

/// <summary>
/// Keeps the input that is being tried in a mapped file. A stack overflow ends the process at once and cannot be caught;
/// the file is all that is left then. Its first four bytes are the input's length.
/// </summary>
internal sealed class CurrentInput : IDisposable
{
    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public CurrentInput(string folder, string target)
    {
        Directory.CreateDirectory(folder);
        _path = Path.Combine(folder, $"fuzz-{target}.current");
        _file = MemoryMappedFile.CreateFromFile(_path, FileMode.Create, null, sizeof(int) + Mutator.MaxLength);
        _view = _file.CreateViewAccessor();
    }

    public void Set(byte[] input)
    {
        int length = Math.Min(input.Length, Mutator.MaxLength);
        _view.Write(0, length);
        _view.WriteArray(sizeof(int), input, 0, length);
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }
}
