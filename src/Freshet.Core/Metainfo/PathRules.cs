namespace Freshet.Core.Metainfo;

/// <summary>
/// Where the files of a torrent must be storable. Names are kept as they are wherever the file system can hold them, so that data which
/// other programs made is found. Whatever the rules, a path is never absolute, never leads outside, and no two files have the same one.
/// </summary>
/// <remarks>
/// Names may hold line breaks, control characters and marks that turn the direction of writing: whoever shows one makes it safe there.
/// </remarks>
public enum PathRules
{
    /// <summary>
    /// Windows, and so everywhere: no <c>&lt;&gt;:"|?*\</c>, control characters and direction marks, no device names, no dots or spaces at
    /// the end, no two names that differ by case alone. The names are the same on every system.
    /// </summary>
    Portable,

    /// <summary>Linux and other systems where case matters: all but <c>/</c>, the zero byte, <c>.</c> and <c>..</c> is kept.</summary>
    Posix,

    /// <summary>macOS: as <see cref="Posix"/>, but names must differ by more than case and the way accents are put together.</summary>
    PosixIgnoringCase,
}
