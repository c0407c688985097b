namespace Freshet.Core.Wire.Extensions;

/// <summary>The extensions that we speak. The numbers are ours to choose, and mean nothing to others.</summary>
internal static class ExtensionRows
{
    /// <summary>
    /// Metadata from peers (BEP 9). Not in private torrents: their metadata comes from the tracker that keeps them private.
    /// </summary>
    public static ExtensionRow Metadata { get; } = new("ut_metadata", 1, MetadataMessage.MaxLength, ExtensionScope.UnlessPrivate);
}
