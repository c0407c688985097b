using System.Net;

namespace Freshet.Cli.Tests.Commands;

/// <summary>With <c>--bind</c> nothing leaves from another address, whichever command it is.</summary>
public sealed class BindTests : IDisposable
{
    private const string Address = "127.0.55.1";
    private readonly TemporaryFolder _folder = new();

    public BindTests() => Requires.That(OperatingSystem.IsLinux(), "Only Linux has all addresses of 127.0.0.0/8.");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("info")]
    [InlineData("verify", "-o", "/")]
    [InlineData("peers")]
    [InlineData("handshake", "127.0.0.1:1")]
    [InlineData("piece", "0", "-o", "/dev/null", "--force", "--timeout", "1", "--port", "0")]
    [InlineData("download", "--port", "0")]
    [InlineData("seed", "--port", "0")]
    [InlineData("scrape")]
    [InlineData("stream", "--port", "0")]
    public async Task A_torrent_is_downloaded_from_the_bind_address(string command, params string[] more)
    {
        // The answer need not be a torrent: what counts is who asked.
        using OneAnswer server = new(200, "i1e"u8.ToArray());
        CliRun run = await CliRun.Of([command, server.Url, .. more, "--bind", Address]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is not a usable torrent", run.Error, StringComparison.Ordinal);
        Assert.Equal(IPAddress.Parse(Address), server.Client);
    }

    [Fact]
    public async Task Trackers_are_asked_from_the_bind_address()
    {
        using OneAnswer tracker = new(200, "d14:failure reason4:nopee"u8.ToArray());
        CliRun run = await CliRun.Of("peers", Torrent(), "-t", tracker.AnnounceUrl, "--bind", Address);
        Assert.Contains("nope", run.Out, StringComparison.Ordinal);
        Assert.Equal(IPAddress.Parse(Address), tracker.Client);
    }

    [Fact]
    public async Task A_peer_is_asked_from_the_bind_address()
    {
        using OneAnswer peer = new(200, []);
        CliRun run = await CliRun.Of("handshake", Torrent(), new Uri(peer.Url).Authority, "--bind", Address);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(IPAddress.Parse(Address), peer.Client);
    }

    // The name usually has an IPv6 address too, which comes first; it cannot be dialled from this bind address.
    [Fact]
    public async Task A_peer_with_a_name_is_asked_at_an_address_that_the_bind_address_reaches()
    {
        using OneAnswer peer = new(200, []);
        CliRun run = await CliRun.Of("handshake", Torrent(), $"localhost:{new Uri(peer.Url).Port}", "--bind", Address);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(IPAddress.Parse(Address), peer.Client);
    }

    [Fact]
    public async Task A_peer_that_the_bind_address_does_not_reach_is_refused_in_words()
    {
        CliRun run = await CliRun.Of("handshake", Torrent(), "[::1]:9", "--bind", Address);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"The host ::1 has no address that can be reached from {Address}.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_not_ours_is_never_replaced_by_another()
    {
        using OneAnswer server = new(200, "i1e"u8.ToArray()) { MayBeLeftAlone = true };
        CliRun run = await CliRun.Of("info", server.Url, "--bind", "192.0.2.1");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("192.0.2.1", run.Error, StringComparison.Ordinal);
        Assert.Null(server.Client);
    }

    private string Torrent() => _folder.Write("x.torrent", SampleTorrent.Create([("a", 50_000)]).Torrent);
}
