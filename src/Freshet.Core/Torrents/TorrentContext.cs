using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents.Exchange;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>
/// The state shared by the parts of a <see cref="TorrentMachine"/>. Each member owns its data; this is only where they meet.
/// </summary>
internal sealed class TorrentContext
{
    // Most torrents have a content as soon as they are created.
    private Content? _content;

    public TorrentContext(TorrentMachineOptions options, ITorrentEffects effects, Random random)
    {
        Options = options;
        Effects = effects;
        Random = random;
        Settings = options.Settings;
        Allotment = options.Allotment;
        Identity = options.Identity;
        Offer = options.Offer ?? new OfferOfAll();
        OwnAddress = new OwnAddress(options.ListenPort, options.Addresses);
        Book = new PeerBook(random, options.Filter, OwnAddress);
        WriteRight = new WriteRight(effects);
        ExtensionTable = options.Extensions.TableFor(Identity.IsPrivate);
        UploadSlots = new UploadSlots(this);
    }

    public TorrentMachineOptions Options { get; }

    public ITorrentEffects Effects { get; }

    public Random Random { get; }

    public TorrentSettings Settings { get; set; }

    /// <summary>What the torrent may use of the resources it competes for.</summary>
    public Allotment Allotment { get; set; }

    /// <summary>How many peers may be unchoked at once.</summary>
    public UploadSlots UploadSlots { get; }

    /// <summary>Whether a check of pieces is pending or in progress.</summary>
    public bool IsCheckWanted { get; set; }

    /// <summary>The hashes by which the torrent is known, and where to find peers.</summary>
    public SwarmIdentity Identity { get; private set; }

    /// <summary>What is known of the torrent's pieces and files.</summary>
    public Content Content => _content ??= Content.Unknown(Random);

    /// <summary>Whether the metadata is known.</summary>
    public bool HasContent => _content is { IsKnown: true };

    public PieceLayout Layout => Content.Layout;

    /// <summary>The torrent's extensions (BEP 10).</summary>
    public ExtensionTable ExtensionTable { get; set; }

    /// <summary>Bytes of the metadata that we serve to peers (BEP 9); null if we serve none.</summary>
    public int? OfferedMetadataSize
    {
        get
        {
            bool isOffered = Content.InfoLength is > 0 and <= ExchangeLimits.MaxMetadataLength
                && ExtensionTable.Offers(ExtensionRows.Metadata);
            return isOffered ? Content.InfoLength : null;
        }
    }

    /// <summary>The pieces that are advertised to peers.</summary>
    public IOffer Offer { get; set; }

    /// <summary>The number of seeds, including us, in the latest tracker response; 0 if it did not say.</summary>
    public int SeedsAnnounced { get; set; }

    public Availability Availability => Content.Availability;

    public PieceLedger Ledger => Content.Ledger;

    public PiecePicker Picker => Content.Picker;

    /// <summary>All sources of blocks, peers included.</summary>
    public SourceSet Sources { get; } = new();

    public PeerSet Peers { get; } = new();

    /// <summary>The right to write the torrent's files.</summary>
    public WriteRight WriteRight { get; }

    /// <summary>What peers sent before the metadata was known.</summary>
    public EarlyBook Early => field ??= new EarlyBook();

    /// <summary>Our address as peers see it.</summary>
    public OwnAddress OwnAddress { get; }

    public PeerBook Book { get; }

    /// <summary>What peers were sent while we choked them.</summary>
    public FastAllowances FastAllowances => field ??= new FastAllowances();

    public Blame Blame => field ??= new Blame();

    /// <summary>Payload received in this run, including wasted payload.</summary>
    public RateMeter Download { get; private set; } = new(default);

    /// <summary>Payload sent in this run.</summary>
    public RateMeter Upload { get; private set; } = new(default);

    /// <summary>Bytes of all wanted pieces, complete or missing.</summary>
    public long WantedBytes { get; set; }

    /// <summary>Payload received in vain in this run: duplicates, unrequested blocks, and pieces that failed their hash check.</summary>
    public long Wasted { get; set; }

    /// <summary>Payload received in this run for pieces that failed their hash check.</summary>
    public long Corrupt { get; set; }

    /// <summary>Pieces that failed their hash check in this run.</summary>
    public int FailedPieces { get; set; }

    /// <summary>Failed pieces since the last verified one.</summary>
    public int FailedInARow { get; set; }

    public TorrentPhase Phase { get; private set; } = new TorrentPhase.Stopped();

    /// <summary>When the run began.</summary>
    public Timestamp StartedAt { get; private set; }

    /// <summary>
    /// Whether connections are allowed: existing data has been checked and the run continues. Disk failures do not close connections.
    /// </summary>
    public bool IsOpenToPeers { get; set; }

    /// <summary>Whether blocks are requested and accepted.</summary>
    public bool IsFetching => Phase is TorrentPhase.Downloading && WriteRight.IsHeld;

    /// <summary>The metadata has become known.</summary>
    public void Learn(TorrentMetainfo metainfo)
    {
        Identity = Identity.Complete(metainfo);
        _content = Content.Of(metainfo, Random);
        Picker.IsSequential = Settings.Sequential;
    }

    /// <summary>Resets the counters.</summary>
    public void BeginRun(Timestamp now)
    {
        StartedAt = now;
        Download = new RateMeter(now);
        Upload = new RateMeter(now);
        Wasted = Corrupt = 0;
        FailedPieces = FailedInARow = 0;
    }

    /// <summary>Updates the progress of a check; not worth a fact.</summary>
    public void Progress(TorrentPhase.Checking checking) => Phase = checking;

    public void Enter(TorrentPhase phase)
    {
        if (Phase == phase)
            return;
        Phase = phase;
        Effects.Report(new TorrentFact.PhaseChanged(phase));
    }
}
