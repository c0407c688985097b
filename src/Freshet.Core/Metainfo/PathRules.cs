namespace Freshet.Core.Metainfo;

/// <summary>
/// The systems on which the files of a torrent must be storable. Names are kept unchanged wherever the file system supports them, so that
/// data created by other programs is found. Under all rules, a path is never absolute, never leads outside its folder, and no two files
/// have the same path.
/// </summary>
/// <remarks>
/// Names may contain line breaks, control characters and marks that change the writing direction: code that displays them must make them
/// safe.
/// </remarks>
public enum PathRules
{
    /// <summary>
    /// Windows, and therefore all systems: no <c>&lt;&gt;:"|?*\</c>, control characters or direction marks, no device names, no trailing
    /// dots or spaces, and no two names that differ only by case. The names are the same on every system.
    /// </summary>
    Portable,

    /// <summary>
    /// Linux and other case-sensitive systems: everything is kept except <c>/</c>, the zero byte, <c>.</c> and <c>..</c>.
    /// </summary>
    Posix,

    /// <summary>
    /// macOS: like <see cref="Posix"/>, but names must differ by more than case and the composition of accented characters.
    /// </summary>
    PosixIgnoringCase,
}
