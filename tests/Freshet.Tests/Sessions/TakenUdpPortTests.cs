using System.Net;
using System.Net.Sockets;

namespace Freshet.Tests.Sessions;

/// <summary>Another program has the UDP port of the number that peers are told.</summary>
public sealed class TakenUdpPortTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _other = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public TakenUdpPortTests() => _other.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Port => ((IPEndPoint)_other.LocalEndPoint!).Port;

    public void Dispose()
    {
        _other.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_session_says_what_it_means()
    {
        await using Session session = await Session.StartAsync(Options(UtpMode.On), Token);
        Assert.Equal(Port, session.ListenEndPoints[0].Port);
        SessionEvent.Warning warning = await session.ReadEventsAsync(Token).FirstAsync<SessionEvent.Warning>();
        Assert.StartsWith($"UDP port {Port} is taken by another program", warning.Message, StringComparison.Ordinal);
        Assert.Contains("peers can connect over TCP, but not over uTP", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_uses_only_utp_does_not_start_as_if_its_port_were_taken()
    {
        FreshetException e = await Assert.ThrowsAsync<FreshetException>(() => Session.StartAsync(Options(UtpMode.Only), Token));
        Assert.Equal(FreshetError.CannotListen, e.Error);
        Assert.Contains($"UDP port {Port} of 127.0.0.1 is taken by another program", e.Message, StringComparison.Ordinal);
    }

    private SessionOptions Options(UtpMode utp) => new()
    {
        DownloadFolder = _folder["downloads"],
        StateFolder = null,
        BindAddress = IPAddress.Loopback,
        ListenPort = Port,
        Utp = utp,
    };
}
