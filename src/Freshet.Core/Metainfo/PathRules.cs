namespace Freshet.Core.Metainfo;

/// <summary>
/// Where the files of a torrent must be storable. A path is never absolute, never leads outside, and holds no separators or
/// control characters, whatever the rules.
/// </summary>
public enum PathRules
{
    /// <summary>
    /// On Windows as well: no <c>&lt;&gt;:"|?*</c>, no device names, no dots or spaces at the end. The names are the same on every system.
    /// </summary>
    Portable,

    /// <summary>
    /// On Linux and macOS: what only Windows forbids is kept, so that data that lies there under such names is found.
    /// </summary>
    Posix,
}
