using System.Runtime.CompilerServices;

namespace Freshet.Testing;

/// <summary>The checkout that these tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// Our C# source files in folders of the repository. All of the folders must exist, so that no check passes over nothing.
    /// </summary>
    public static IEnumerable<string> Sources(params string[] folders) =>
        folders.Select(folder => Path.Combine(Root, folder))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(path => !Relative(path).Split('/').Any(part => part is "bin" or "obj" or "artifacts" or "node_modules"));

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>Returns the text of a file, given its path from the root.</summary>
    public static string Read(string relative) => File.ReadAllText(Path.Combine(Root, relative));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        string? folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "Freshet.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("Freshet.slnx was not found in any folder above " + here);
    }
}
