namespace Freshet.Core.Wire.Extensions;

/// <summary>The extensions that we speak. The numbers are ours to choose, and mean nothing to others.</summary>
internal static class ExtensionRows
{
    /// <summary>
    /// Metadata from peers (BEP 9). Not in private torrents: their metadata comes from the tracker that keeps them private.
    /// </summary>
    public static ExtensionRow Metadata { get; } = new("ut_metadata", 1, MetadataMessage.MaxLength, ExtensionScope.UnlessPrivate);

    /// <summary>The extensions of a torrent, as its connections need them to tell what to read.</summary>
    /// <param name="isPrivate">Whether it is private (BEP 27); null while that is unknown.</param>
    public static ExtensionTable TableFor(bool? isPrivate) => ExtensionTable.Of([Metadata], isPrivate);
}
