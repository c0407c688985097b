namespace Freshet.Core.Wire.Extensions;

/// <summary>The torrents in which an extension is used (BEP 27).</summary>
internal enum ExtensionScope
{
    /// <summary>Every torrent.</summary>
    All,

    /// <summary>Every torrent that is not known to be private.</summary>
    UnlessPrivate,

    /// <summary>Only torrents that are known to be public, and so not before the metadata is known.</summary>
    PublicOnly,
}
