using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>What stays the same for the life of a <see cref="TorrentMachine"/>.</summary>
internal sealed record TorrentMachineOptions
{
    /// <summary>What the torrent is born with. Its content comes with <see cref="TorrentMachine.OnMetadata"/>.</summary>
    public required SwarmIdentity Identity { get; init; }

    /// <summary>Our own id, the same towards all peers of the torrent.</summary>
    public required PeerId PeerId { get; init; }

    /// <summary>Where we listen, as trackers and peers are told; 0 if we do not.</summary>
    public int ListenPort { get; init; }

    /// <summary>The same for a session's life; see <see cref="AnnounceRequest.Key"/>.</summary>
    public uint AnnounceKey { get; init; }

    /// <summary>Which trackers are announced to.</summary>
    public AnnounceScope AnnounceScope { get; init; } = AnnounceScope.FirstThatAnswers;

    /// <summary>Over which families each of them is announced to (BEP 7).</summary>
    public ImmutableArray<AnnounceFamily> AnnounceFamilies { get; init; } = [AnnounceFamily.Any];

    /// <summary>What the torrent may use before it was allotted anything.</summary>
    public Allotment Allotment { get; init; } = Allotment.Unlimited;

    /// <summary>Makes the extensions of BEP 10 that we speak; none, unless it is set.</summary>
    public ExtensionFactory Extensions { get; init; } = ExtensionFactory.None;

    /// <summary>Whether peers are told that we would rather encrypt.</summary>
    public bool PrefersEncryption { get; init; }

    /// <summary>The addresses with which nothing is exchanged.</summary>
    public AddressFilter Filter { get; init; } = new();

    /// <summary>The DHT; null if it is not used.</summary>
    public ITorrentDht? Dht { get; init; }

    /// <summary>Our addresses as others see them; null if nobody in the session keeps them.</summary>
    public IExternalAddresses? Addresses { get; init; }

    /// <summary>What peers are told that we have; null if the machine decides, by its settings.</summary>
    public IOffer? Offer { get; init; }

    public TorrentSettings Settings { get; init; } = new();
}
