using Freshet.Api;
using Freshet.Cli.Daemons;

namespace Freshet.Cli.Tests.Daemons;

public class PeerLinesTests
{
    [Theory]
    [InlineData(PeerTransportCode.Tcp, PeerEncryptionCode.None, true, PeerPathCode.Direct, "    TCP, plain, dialled; has nothing we want")]
    [InlineData(PeerTransportCode.Utp, PeerEncryptionCode.Full, false, PeerPathCode.Direct, "    uTP, RC4, incoming; has nothing we want")]
    [InlineData(PeerTransportCode.Utp, PeerEncryptionCode.Handshake, true, PeerPathCode.Direct,
        "    uTP, encrypted handshake, dialled; has")]
    [InlineData(PeerTransportCode.Utp, PeerEncryptionCode.None, true, PeerPathCode.Hole,
        "    uTP, plain, dialled through a punched hole; has")]
    [InlineData(PeerTransportCode.Tcp, PeerEncryptionCode.None, true, PeerPathCode.Proxy,
        "    TCP, plain, dialled through the proxy; has")]
    public void A_peer_is_shown_with_the_way_it_is_connected(
        PeerTransportCode transport, PeerEncryptionCode encryption, bool outgoing, PeerPathCode path, string expected)
    {
        CapturedStreams streams = new();
        PeerLines.Write(streams, new PeerList { Peers = [Peer(transport, encryption, outgoing) with { Path = path }] }, json: false);
        streams.Out.Flush();
        string[] lines = streams.OutText.Split('\n');
        Assert.StartsWith("192.0.2.1:6881 ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(expected, lines[1], StringComparison.Ordinal);
        Assert.Equal("1 connected peer.", lines[2]);
    }

    private static PeerItem Peer(PeerTransportCode transport, PeerEncryptionCode encryption, bool outgoing) => new()
    {
        Address = "192.0.2.1",
        Port = 6881,
        Client = "Freshet 1.0",
        Outgoing = outgoing,
        Transport = transport,
        Encryption = encryption,
        Country = null,
        ConnectedFor = 1,
        Progress = 1,
        Downloaded = 0,
        Uploaded = 0,
        DownloadRate = 0,
        UploadRate = 0,
        Interesting = false,
        Choking = true,
        Interested = false,
        Choked = true,
        QueuedUploads = 0,
        Snubbing = false,
    };
}
