using System.Diagnostics.CodeAnalysis;
using Freshet.Core.Metainfo;

namespace Freshet.Persistence;

/// <summary>What a torrent is added from, once it was read: a .torrent with all that it says, or no more than a magnet link.</summary>
internal sealed record LoadedSource
{
    private LoadedSource(SwarmIdentity identity) => Identity = identity;

    /// <summary>By what the torrent is known, and where to ask for peers.</summary>
    public SwarmIdentity Identity { get; }

    /// <summary>By what its files in a state folder are named: the first hash that was known of it.</summary>
    public InfoHash Key => (Link is { } link ? SwarmIdentity.Of(link) : Identity).SwarmHash;

    /// <summary>What the .torrent says; null if the metadata is still to come.</summary>
    public TorrentMetainfo? Metainfo { get; private init; }

    /// <summary>The .torrent, byte by byte; empty without one.</summary>
    public ReadOnlyMemory<byte> Content { get; private init; }

    /// <summary>The link; null if there was none.</summary>
    public MagnetLink? Link { get; private init; }

    /// <summary>Whether the metadata is known.</summary>
    [MemberNotNullWhen(true, nameof(Metainfo))]
    public bool HasMetadata => Metainfo is not null;

    /// <summary>A .torrent.</summary>
    public static LoadedSource Of(TorrentMetainfo metainfo, ReadOnlyMemory<byte> content) =>
        new(SwarmIdentity.Of(metainfo)) { Metainfo = metainfo, Content = content };

    /// <summary>A link, and nothing else.</summary>
    public static LoadedSource Of(MagnetLink link) => new(SwarmIdentity.Of(link)) { Link = link };

    /// <summary>A link whose metadata is known: what both say, in a .torrent.</summary>
    /// <param name="link">The link.</param>
    /// <param name="metainfo">The metadata, with the raw bytes of the info dictionary.</param>
    /// <exception cref="ArgumentException">It is another torrent's.</exception>
    public static LoadedSource Of(MagnetLink link, TorrentMetainfo metainfo)
    {
        // An info dictionary names no trackers: those of the link are all that there are, of a private torrent too.
        SwarmIdentity identity = metainfo.Trackers.IsEmpty
            ? SwarmIdentity.Of(link).Complete(metainfo)
            : SwarmIdentity.Of(metainfo).Merge(SwarmIdentity.Of(link));
        TorrentMetainfo all = metainfo with { Trackers = identity.Trackers, WebSeeds = identity.WebSeeds };
        return new LoadedSource(identity)
        {
            Metainfo = all,
            Content = TorrentFileWriter.Write(all),
            Link = link,
        };
    }

    /// <summary>With the metadata that an earlier run was given, if the state folder keeps it.</summary>
    public LoadedSource Recall(StateFolder? state)
    {
        if (state is null || Link is null || HasMetadata)
            return this;
        try
        {
            TorrentMetainfo kept = state.TorrentOf(Key).Read();
            return Identity.IsOf(kept) ? Of(Link, kept) : this;
        }
        catch (FreshetException)
        {
            // There is none, or none of use: peers have it.
            return this;
        }
    }
}
