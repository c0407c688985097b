using System.Diagnostics;
using Freshet.Core.Torrents;

namespace Freshet.Tests.Sessions;

/// <summary>
/// Obstacles in a torrent's place that exist from the start, and will not go away by themselves, fail it instead of keeping it waiting.
/// </summary>
public sealed class ObstacleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(16 * 1024, null, 40_000, 30_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Second => _folder["data/" + _sample.Files.Keys.Last()];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("folder", TorrentReason.NotAFile)]
    [InlineData("pipe", TorrentReason.NotAFile)]
    [InlineData("link", TorrentReason.UnsafePath)]
    [InlineData("file for a folder", TorrentReason.NotAFile)]
    [InlineData("folder is a link out", TorrentReason.UnsafePath)]
    public async Task Something_else_in_the_place_of_one_of_several_files_fails_the_start(string what, TorrentReason expected)
    {
        Requires.That(OperatingSystem.IsLinux(), "Named pipes are created with mkfifo.");
        string named = await PutAsync(what);
        await AssertFailsAsync(_folder["data"], expected, named);
    }

    [Theory]
    [InlineData("/proc/x")]
    [InlineData("/dev/null/x")]
    public async Task A_folder_that_cannot_be_created_fails_the_start(string folder)
    {
        Requires.That(OperatingSystem.IsLinux(), "Only Linux has /proc.");
        await AssertFailsAsync(
            folder, folder == "/proc/x" ? TorrentReason.PermissionDenied : TorrentReason.NotAFile, named: folder);
    }

    [Fact]
    public async Task An_unwanted_file_may_be_anything()
    {
        await PutAsync("link");
        await using Session session = await StartAsync();
        TorrentOptions options = new() { DownloadFolder = _folder["data"], FilePriorities = [FilePriority.Normal, FilePriority.Skip] };
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), options, Token);
        await Testing.Patience.Until(() => torrent.Status.State == TorrentState.Downloading);
    }

    [Fact]
    public async Task An_output_folder_that_is_a_link_is_followed()
    {
        _sample.WriteTo(_folder["real/in"]);
        Directory.CreateSymbolicLink(_folder["link"], _folder["real"]);
        await using Session session = await StartAsync();
        foreach (string folder in new[] { _folder["link/in"], _folder["link"] })
        {
            _sample.WriteTo(_folder["real"]);
            TorrentOptions options = new() { DownloadFolder = folder };
            Torrent torrent = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), options, Token);
            await torrent.Completion.Bounded();
            await session.RemoveAsync(torrent, cancellationToken: Token);
        }
    }

    [Fact]
    public async Task A_folder_that_was_swapped_for_a_link_is_noticed_at_the_restart()
    {
        _sample.WriteTo(_folder["data"]);
        SessionOptions options = Options with { StateFolder = _folder["state"], DownloadFolder = _folder["data"] };
        await using (Session first = await Session.StartAsync(options, Token))
            await (await first.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token)).Completion.Bounded();
        string folder = Path.GetDirectoryName(Second)!;
        Directory.Move(folder, _folder["elsewhere"]);
        Directory.CreateSymbolicLink(folder, _folder["elsewhere"]);
        await using Session second = await Session.StartAsync(options, Token);
        Torrent torrent = Assert.Single(second.Torrents);
        await Testing.Patience.Until(() => torrent.Status.State == TorrentState.Failed);
        Assert.Equal(TorrentReason.UnsafePath, torrent.Status.ReasonCode);
        Assert.StartsWith(folder + " is a symbolic link", torrent.Status.Reason, StringComparison.Ordinal);
    }

    private static SessionOptions Options => new() { StateFolder = null, ListenPort = 0 };

    private static Task<Session> StartAsync() => Session.StartAsync(Options, Token);

    private async Task AssertFailsAsync(string folder, TorrentReason reason, string named)
    {
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { DownloadFolder = folder }, Token);
        TorrentFailedException failed = await Assert.ThrowsAsync<TorrentFailedException>(() => torrent.Completion.Bounded());
        Assert.Contains(named, failed.Message, StringComparison.Ordinal);
        await Testing.Patience.Until(() => torrent.Status.State == TorrentState.Failed);
        Assert.Equal(reason, torrent.Status.ReasonCode);
    }

    /// <summary>What is in the way.</summary>
    private async Task<string> PutAsync(string what)
    {
        string folder = Path.GetDirectoryName(Second)!;
        Directory.CreateDirectory(what is "file for a folder" or "folder is a link out" ? Path.GetDirectoryName(folder)! : folder);
        switch (what)
        {
            case "folder":
                Directory.CreateDirectory(Second);
                return Second;
            case "pipe":
                using (Process maker = Process.Start("mkfifo", [Second]))
                    await maker.WaitForExitAsync(Token);
                return Second;
            case "link":
                File.CreateSymbolicLink(Second, "/etc/hostname");
                return Second;
            case "file for a folder":
                File.WriteAllText(folder, "");
                return folder;
            default:
                Directory.CreateDirectory(_folder["elsewhere"]);
                Directory.CreateSymbolicLink(folder, _folder["elsewhere"]);
                return folder;
        }
    }
}
