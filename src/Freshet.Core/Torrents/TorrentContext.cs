using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents.Exchange;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>What the parts of a <see cref="TorrentMachine"/> share: each member owns its data, here is only where they meet.</summary>
internal sealed class TorrentContext
{
    // Most torrents have one as soon as they are made.
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
        Book = new PeerBook(random, options.Filter);
        WriteRight = new WriteRight(effects);
        ExtensionTable = options.Extensions.TableFor(Identity.IsPrivate);
        UploadSlots = new UploadSlots(this);
    }

    public TorrentMachineOptions Options { get; }

    public ITorrentEffects Effects { get; }

    public Random Random { get; }

    public TorrentSettings Settings { get; set; }

    /// <summary>What the torrent may use of what it competes for with others.</summary>
    public Allotment Allotment { get; set; }

    /// <summary>How many peers may request of us at once.</summary>
    public UploadSlots UploadSlots { get; }

    /// <summary>Whether pieces are to be checked that are not yet being checked, or are being checked.</summary>
    public bool IsCheckWanted { get; set; }

    /// <summary>By what the torrent is known, and where to ask for peers.</summary>
    public SwarmIdentity Identity { get; private set; }

    /// <summary>What is known of its pieces and files.</summary>
    public Content Content => _content ??= Content.Unknown(Random);

    /// <summary>Whether the metadata is known.</summary>
    public bool HasContent => _content is { IsKnown: true };

    public PieceLayout Layout => Content.Layout;

    /// <summary>The extensions that the torrent speaks (BEP 10).</summary>
    public ExtensionTable ExtensionTable { get; set; }

    /// <summary>Bytes of the metadata that peers may ask us for (BEP 9); null if they may not.</summary>
    public int? OfferedMetadataSize
    {
        get
        {
            bool isOffered = Content.InfoLength is > 0 and <= ExchangeLimits.MaxMetadataLength
                && ExtensionTable.Offers(ExtensionRows.Metadata);
            return isOffered ? Content.InfoLength : null;
        }
    }

    /// <summary>What peers are told that we have.</summary>
    public IOffer Offer { get; set; }

    /// <summary>How many seeds the tracker that answered last knows of, we among them; 0 if it did not say.</summary>
    public int SeedsAnnounced { get; set; }

    public Availability Availability => Content.Availability;

    public PieceLedger Ledger => Content.Ledger;

    public PiecePicker Picker => Content.Picker;

    /// <summary>Whoever can be asked for blocks; the peers are among them.</summary>
    public SourceSet Sources { get; } = new();

    public PeerSet Peers { get; } = new();

    /// <summary>The right to write the torrent's files.</summary>
    public WriteRight WriteRight { get; }

    /// <summary>What peers said before the metadata was known.</summary>
    public EarlyBook Early => field ??= new EarlyBook();

    public PeerBook Book { get; }

    public Blame Blame => field ??= new Blame();

    /// <summary>Payload received in this run, wasted or not.</summary>
    public RateMeter Download { get; private set; } = new(default);

    /// <summary>Payload sent in this run.</summary>
    public RateMeter Upload { get; private set; } = new(default);

    /// <summary>Bytes of all wanted pieces, there or not.</summary>
    public long WantedBytes { get; set; }

    /// <summary>Payload received for nothing in this run: doubles, unasked for, or of a piece that failed its hash.</summary>
    public long Wasted { get; set; }

    /// <summary>Payload received in this run, of pieces that failed their hash.</summary>
    public long Corrupt { get; set; }

    /// <summary>Pieces of which the hash failed in this run.</summary>
    public int FailedPieces { get; set; }

    /// <summary>Those of them that came after the last good piece.</summary>
    public int FailedInARow { get; set; }

    public TorrentPhase Phase { get; private set; } = new TorrentPhase.Stopped();

    /// <summary>When the run began.</summary>
    public Timestamp StartedAt { get; private set; }

    /// <summary>Whether there may be connections: what is there is checked, and the run goes on. Trouble with the disk ends none.</summary>
    public bool IsOpenToPeers { get; set; }

    /// <summary>Whether blocks are asked for and taken.</summary>
    public bool IsFetching => Phase is TorrentPhase.Downloading && WriteRight.IsHeld;

    /// <summary>The metadata came.</summary>
    public void Learn(TorrentMetainfo metainfo)
    {
        Identity = Identity.Complete(metainfo);
        _content = Content.Of(metainfo, Random);
        Picker.IsSequential = Settings.Sequential;
    }

    /// <summary>Begins to count anew.</summary>
    public void BeginRun(Timestamp now)
    {
        StartedAt = now;
        Download = new RateMeter(now);
        Upload = new RateMeter(now);
        Wasted = Corrupt = 0;
        FailedPieces = FailedInARow = 0;
    }

    /// <summary>Tells how far the phase is; not worth a fact.</summary>
    public void Progress(TorrentPhase.Checking checking) => Phase = checking;

    public void Enter(TorrentPhase phase)
    {
        if (Phase == phase)
            return;
        Phase = phase;
        Effects.Report(new TorrentFact.PhaseChanged(phase));
    }
}
