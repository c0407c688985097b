using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents.Exchange;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Torrents.Exchange;

/// <summary>A torrent whose peers name others, relay, and ask for a relay.</summary>
public abstract class HolePunchBench
{
    private protected const byte Punching = 9;
    private protected const byte Exchanging = 7;

    private protected static readonly IPEndPoint Target = IPEndPoint.Parse("80.1.1.1:1111");
    private protected static readonly IPEndPoint Stranger = IPEndPoint.Parse("80.5.5.5:5555");

    private protected TorrentRig Rig { get; } = new TorrentRig().Start();
    private int _peers;

    private protected static IPEndPoint TargetAt(int number) => new(new IPAddress([81, 1, (byte)(number >> 8), (byte)number]), 1111);

    private protected static PeerMessage Message(IEnumerable<ExchangedPeer> told) =>
        PeerMessage.Extended(ExtensionRows.PeerExchange.Number, PeerExchangeMessage.Write([.. told], []));

    private protected static PeerMessage Message(HolePunchKind kind, IPEndPoint endPoint, HolePunchError error = HolePunchError.None) =>
        PeerMessage.Extended(ExtensionRows.HolePunch.Number, new HolePunchMessage(kind, endPoint, error).ToArray());

    private protected PeerKey Connect(
        string address, PeerTransport transport = PeerTransport.Tcp, int? listens = 6881, bool punches = true) =>
        Connect(Rig, IPEndPoint.Parse(address), transport, listens, punches);

    private protected PeerKey Connect(
        TorrentRig rig, IPEndPoint address, PeerTransport transport = PeerTransport.Tcp, int? listens = 6881, bool punches = true,
        bool isOutgoing = false)
    {
        PeerKey key = new(1_000 + ++_peers);
        Handshake handshake = new(ReservedBits.Ours, rig.Metainfo.SwarmHash, TorrentRig.IdOf(key.Value));
        PeerWay way = new(transport, PeerEncryption.None);
        rig.Machine.OnConnected(key, new ConnectedPeer(address, handshake, isOutgoing) { Way = way }, rig.Now);
        PeerExtension[] offers = [new("ut_pex", Exchanging), new("ut_holepunch", Punching)];
        ExtensionHandshake offer = new() { Extensions = [.. offers[..(punches ? 2 : 1)]], Port = listens };
        rig.Receive(key, PeerMessage.Extended(0, offer.ToArray()));
        rig.Take(key);
        return key;
    }

    private protected void Receive(PeerKey key, HolePunchKind kind, IPEndPoint endPoint, HolePunchError error = HolePunchError.None) =>
        Rig.Receive(key, Message(kind, endPoint, error));

    private protected void Tell(PeerKey teller, IPEndPoint endPoint, PeerExchangeFlags flags) =>
        Tell(teller, [new ExchangedPeer(endPoint, flags)]);

    private protected void Tell(PeerKey teller, IEnumerable<ExchangedPeer> told) => Rig.Receive(teller, Message(told));

    // Holes are punched until no more dials are allotted.
    private protected static void TakeDialsBeyond(TorrentRig rig, PeerKey relay)
    {
        for (int i = 1; i <= HolePunchLimits.MaxDialsBeyond; i++)
            rig.Receive(relay, Message(HolePunchKind.Connect, TargetAt(10_000 + i)));
        Assert.Equal(HolePunchLimits.MaxDialsBeyond, rig.Effects.Dialled.Count);
    }

    private protected void Fail(IPEndPoint endPoint, DisconnectReason reason) => Rig.Machine.OnConnectFailed(endPoint, reason, Rig.Now);

    // A peer that we have dialled says how it sees us.
    private protected void LearnOurAddress(string address)
    {
        Rig.Machine.OnPeersFound([TorrentRig.Address(77)], PeerSource.Manual, Rig.Now);
        PeerKey dialled = Rig.Connect(77, outgoing: true);
        Rig.Receive(dialled, PeerMessage.Extended(0, new ExtensionHandshake { YourIp = IPAddress.Parse(address) }.ToArray()));
    }

    private protected List<HolePunchMessage> Messages(PeerKey peer)
    {
        List<HolePunchMessage> messages = [];
        foreach (PeerMessage sent in Rig.Take(peer).Where(static sent => sent.Number == Punching))
        {
            Assert.True(HolePunchMessage.TryParse(sent.Payload.Span, out HolePunchMessage message));
            messages.Add(message);
        }

        return messages;
    }
}
