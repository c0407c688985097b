using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Torrents.Exchange;

/// <summary>A torrent without metadata, and peers that answer requests for pieces of it, each in its own way.</summary>
internal sealed class MetadataSwarm
{
    /// <summary>The number that the peers use for our messages.</summary>
    public const byte TheirNumber = 3;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<PeerKey, Func<int, byte[]?>> _answers = [];
    private readonly Dictionary<PeerKey, int> _asked = [];
    private int _numbers;

    public MetadataSwarm(int size = 100_000)
    {
        Info = new byte[size];
        new Random(size).NextBytes(Info);
        Rig = new TorrentRig(isMagnet: true, isPrivateKnown: false, info: Info);
        Rig.Machine.Start(StartingPoint.Empty(0), Rig.Now);
    }

    public TorrentRig Rig { get; }

    /// <summary>The true metadata.</summary>
    public byte[] Info { get; }

    public bool IsFetched => Rig.Effects.Metadata.Count > 0;

    /// <summary>The largest number of requests that waited for one peer's answer.</summary>
    public int MostOutstanding { get; private set; }

    public static byte[] Offer(int? size) =>
        new ExtensionHandshake { Extensions = [new PeerExtension("ut_metadata", TheirNumber)], MetadataSize = size }.ToArray();

    /// <summary>Returns the request in a message, if it is one for metadata.</summary>
    public static int? RequestIn(PeerMessage message)
    {
        if (message.Id != MessageId.Extended || message.Number != TheirNumber)
            return null;
        bool isMessage = MetadataMessage.TryParse(message.Payload.Span, out MetadataMessage parsed);
        return isMessage && parsed.Kind == MetadataMessageKind.Request ? parsed.Piece : null;
    }

    public int AskedOf(PeerKey peer) => _asked.GetValueOrDefault(peer);

    public PeerKey AddHonest() => Add(Info.Length, Honest);

    public PeerKey AddSilent(int? size = null) => Add(size ?? Info.Length, static _ => null);

    /// <summary>Sends garbage of a given size; all of it, or only some pieces of the true size.</summary>
    public PeerKey AddLiar(int? size = null, Predicate<int>? lies = null)
    {
        byte[] garbage = new byte[size ?? Info.Length];
        new Random(_numbers).NextBytes(garbage);
        return Add(garbage.Length, piece => lies?.Invoke(piece) ?? true ? MetadataMessage.Data(piece, garbage) : Honest(piece));
    }

    public PeerKey Add(int? size, Func<int, byte[]?> answer)
    {
        PeerKey peer = Rig.Connect(++_numbers);
        _answers[peer] = answer;
        Rig.Receive(peer, PeerMessage.Extended(0, Offer(size)));
        return peer;
    }

    public byte[] Honest(int piece) => MetadataMessage.Data(piece, Info);

    /// <summary>Advances the time and lets peers answer, until the metadata is there or the time is over.</summary>
    public bool Run(TimeSpan within)
    {
        for (TimeSpan passed = default; passed < within && !IsFetched; passed += Step)
        {
            Answer();
            Rig.Advance(Step);
        }

        if (IsFetched)
            Assert.Equal(Info, Assert.Single(Rig.Effects.Metadata));
        return IsFetched;
    }

    /// <summary>Lets peers answer what they have been asked so far.</summary>
    public void Answer()
    {
        foreach ((PeerKey peer, Func<int, byte[]?> answer) in _answers)
        {
            int[] pieces = [.. Rig.Take(peer).Select(RequestIn).OfType<int>()];
            MostOutstanding = Math.Max(MostOutstanding, pieces.Length);
            _asked[peer] = AskedOf(peer) + pieces.Length;
            foreach (int piece in pieces)
            {
                if (Rig.DropOf(peer) is null && answer(piece) is { } bytes)
                    Rig.Receive(peer, PeerMessage.Extended(ExtensionRows.Metadata.Number, bytes));
            }
        }
    }

    public bool IsBanned(PeerKey peer) => Rig.DropOf(peer) == DisconnectReason.Banned;

    /// <summary>The shell has parsed and stored what was fetched.</summary>
    public void Learn() => Rig.Machine.OnMetadata(Rig.Metainfo, StartingPoint.Empty(Rig.Layout.PieceCount), Rig.Now);
}
