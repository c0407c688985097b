namespace Freshet.Core.Metainfo;

/// <summary>A file's attributes (BEP 47, <c>attr</c>).</summary>
[Flags]
public enum FileTraits
{
    /// <summary>An ordinary file.</summary>
    None = 0,

    /// <summary><c>p</c>: padding up to a piece boundary, never stored.</summary>
    Padding = 1,

    /// <summary><c>x</c>: executable.</summary>
    Executable = 2,

    /// <summary><c>h</c>: hidden.</summary>
    Hidden = 4,

    /// <summary><c>l</c>: a symbolic link.</summary>
    Symlink = 8,
}
