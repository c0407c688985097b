namespace Freshet.Core.Wire.Extensions;

/// <summary>In which torrents an extension is spoken (BEP 27).</summary>
internal enum ExtensionScope
{
    /// <summary>In every torrent.</summary>
    All,

    /// <summary>In every torrent that is not known to be private.</summary>
    UnlessPrivate,

    /// <summary>Only in torrents that are known to be public, so not before the metadata is there.</summary>
    PublicOnly,
}
