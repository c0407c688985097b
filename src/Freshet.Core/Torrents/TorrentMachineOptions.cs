using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>The settings of a <see cref="TorrentMachine"/> that never change.</summary>
internal sealed record TorrentMachineOptions
{
    /// <summary>The torrent's initial identity. Its content comes with <see cref="TorrentMachine.OnMetadata"/>.</summary>
    public required SwarmIdentity Identity { get; init; }

    /// <summary>Our peer id, the same for all peers of the torrent.</summary>
    public required PeerId PeerId { get; init; }

    /// <summary>Our listening port as sent to trackers and peers; 0 if we do not listen.</summary>
    public int ListenPort { get; init; }

    /// <summary>The same throughout a session; see <see cref="AnnounceRequest.Key"/>.</summary>
    public uint AnnounceKey { get; init; }

    /// <summary>Which trackers to announce to.</summary>
    public AnnounceScope AnnounceScope { get; init; } = AnnounceScope.FirstThatAnswers;

    /// <summary>The address families over which to announce to each tracker (BEP 7).</summary>
    public ImmutableArray<AnnounceFamily> AnnounceFamilies { get; init; } = [AnnounceFamily.Any];

    /// <summary>The allotment before the session assigns one.</summary>
    public Allotment Allotment { get; init; } = Allotment.Unlimited;

    /// <summary>Creates the BEP 10 extensions; default: none.</summary>
    public ExtensionFactory Extensions { get; init; } = ExtensionFactory.None;

    /// <summary>Whether peers are told that we would rather encrypt.</summary>
    public bool PrefersEncryption { get; init; }

    /// <summary>The blocked addresses.</summary>
    public AddressFilter Filter { get; init; } = new();

    /// <summary>The DHT; null if it is not used.</summary>
    public ITorrentDht? Dht { get; init; }

    /// <summary>Our addresses as seen by others; null if the session does not track them.</summary>
    public IExternalAddresses? Addresses { get; init; }

    /// <summary>The pieces that are advertised to peers; null if the machine decides according to its settings.</summary>
    public IOffer? Offer { get; init; }

    public TorrentSettings Settings { get; init; } = new();
}
