using System.Net;
using System.Net.Sockets;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Connections;

/// <summary>What is tried with a peer to find out what it takes.</summary>
public sealed class PeerIntroductionTests : IDisposable
{
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly SampleData _sample = SampleData.Make(16 * 1024, null, 100_000);

    public PeerIntroductionTests()
    {
        _server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _server.Listen(5);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _server.Dispose();

    /// <summary>Some clients that require encryption close a plain connection; others wait for bytes that make sense.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_peer_that_takes_encryption_alone_is_found_out_whether_it_closes_a_plain_connection_or_waits(bool waits)
    {
        Task serving = ServeAsync(waits);
        PeerProbeResult result = await PeerProbe.RunAsync(_sample.Metainfo, (IPEndPoint)_server.LocalEndPoint!, null, Token).Bounded();
        PeerProbeWay[] ways = [.. result.Ways.Where(way => way.Transport == PeerTransport.Tcp)];
        Assert.Equal([PeerEncryption.None, PeerEncryption.Handshake, PeerEncryption.Full], ways.Select(way => way.Encryption));
        Assert.Equal(waits ? "no answer in time (no handshake)" : "it closed the connection (before the handshake)", ways[0].Failure);
        Assert.Equal([null, null], ways.Skip(1).Select(way => way.Failure));

        // Nobody is there over uTP, which is not tried three times.
        PeerProbeWay other = Assert.Single(result.Ways, way => way.Transport == PeerTransport.Utp);
        Assert.NotNull(other.Failure);
        await serving.Bounded();
    }

    // Three connections: one for each kind of handshake.
    private async Task ServeAsync(bool waits)
    {
        using FakeSession session = new(_sample.Metainfo.SwarmHash);
        PeerHandshaker handshaker = new(
            new EncryptionOptions { Incoming = EncryptionPolicy.Required }, new KeyAgreements(), TimeProvider.System);
        using (Socket plain = await _server.AcceptAsync(Token))
        {
            byte[] bytes = new byte[100];
            Assert.NotEqual(0, await plain.ReceiveAsync(bytes, Token));
            if (waits)
                Assert.Equal(0, await plain.ReceiveAsync(bytes, Token));
        }

        for (int i = 0; i < 2; i++)
        {
            using TcpTransport encrypted = new(await _server.AcceptAsync(Token));
            HandshakeResult shaken = await handshaker.AnswerAsync(encrypted, session, Token);
            Assert.NotNull(shaken.Transport);
        }
    }
}
