using System.Diagnostics.CodeAnalysis;
using Freshet.Core.Metainfo;

namespace Freshet.Persistence;

/// <summary>A parsed source of a torrent: a .torrent with all its content, or no more than a magnet link.</summary>
internal sealed record LoadedSource
{
    private LoadedSource(SwarmIdentity identity) => Identity = identity;

    /// <summary>The torrent's info-hashes, and where to find peers.</summary>
    public SwarmIdentity Identity { get; }

    /// <summary>The info-hash in the names of its state files: the first one that was known.</summary>
    public InfoHash Key => (Link is { } link ? SwarmIdentity.Of(link) : Identity).SwarmHash;

    /// <summary>The content of the .torrent; null if the metadata is not known yet.</summary>
    public TorrentMetainfo? Metainfo { get; private init; }

    /// <summary>The bytes of the .torrent; empty without one.</summary>
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

    /// <summary>Combines a link with its metadata into a .torrent.</summary>
    /// <param name="link">The link.</param>
    /// <param name="metainfo">The metadata, with the raw bytes of the info dictionary.</param>
    /// <exception cref="ArgumentException">The metadata is that of another torrent.</exception>
    public static LoadedSource Of(MagnetLink link, TorrentMetainfo metainfo)
    {
        // An info dictionary names no trackers, so those of the link are the only ones, for a private torrent too.
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

    /// <summary>Adds the metadata received in an earlier run, if the state folder has it.</summary>
    /// <exception cref="FreshetException">It does, and the disk cannot read it.</exception>
    public LoadedSource Recall(StateFolder? state)
    {
        if (state is null || Link is null || HasMetadata)
            return this;
        try
        {
            TorrentMetainfo kept = state.TorrentOf(Key).Read();
            return Identity.IsOf(kept) ? Of(Link, kept) : this;
        }
        catch (FreshetException e) when (!StateTrouble.IsUnreadable(e))
        {
            // There is none, or it is invalid: it is fetched from peers.
            return this;
        }
    }
}
