namespace Freshet.FileSystem;

/// <summary>A file or folder beneath a root: nothing outside the root is ever opened, created or deleted through it.</summary>
/// <param name="Root">The absolute path of a folder. It may be, or lie behind, a symbolic link: that is the user's choice.</param>
/// <param name="Name">The path from there, with <c>/</c> between elements; empty for the root itself.</param>
internal readonly record struct FilePath(string Root, string Name)
{
    /// <summary>The absolute path.</summary>
    public string Full => Name.Length == 0 ? Root : Path.Join(Root, Name.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The last element of the name.</summary>
    public ReadOnlySpan<char> LastElement => Name.AsSpan(Name.LastIndexOf('/') + 1);

    /// <summary>The folder that holds it; of the root, the root.</summary>
    public FilePath Parent => this with { Name = Name[..Math.Max(0, Name.LastIndexOf('/'))] };

    public override string ToString() => Full;
}
