using System.Net;
using Freshet.Core.Metainfo;

namespace Freshet.Tests.Sessions;

/// <summary>Names of files that this system allows and others do not.</summary>
public sealed class PortableNamesTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Native = ["t/a:b", "t/CON", "t/same", "t/Same"];
    private static readonly string[] Portable = ["t/a_b", "t/_CON", "t/same", "t/Same.1"];
    private readonly TemporaryFolder _folder = new();

    public PortableNamesTests() => Requires.That(OperatingSystem.IsLinux(), "Other systems allow fewer names.");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task With_the_option_files_get_names_that_every_system_allows_and_keep_them()
    {
        TorrentOptions wanted = new() { PortableNames = true, Stopped = true };
        await using (Session first = await StartAsync())
        {
            Torrent torrent = await first.AddAsync(TorrentSource.Bytes(Content()), wanted, Token);
            Assert.Equal(Portable.Select(name => _folder["data/" + name]), torrent.Files.Select(file => file.StoredPath));
            await Assert.ThrowsAsync<ArgumentException>(() => torrent.ApplyAsync(torrent.Options with { PortableNames = false }, Token));

            // Renaming does not bring back names that others do not allow either.
            await Assert.ThrowsAsync<ArgumentException>(() => torrent.RenameFileAsync(0, "t/a:b", Token));
            await Assert.ThrowsAsync<ArgumentException>(() => torrent.RenameFileAsync(0, "t/SAME", Token));
            await torrent.RenameFileAsync(3, "t/a", Token);
        }

        await using Session second = await StartAsync();
        Torrent restored = Assert.Single(second.Torrents);
        Assert.Equal([.. Portable[..3], "t/a"], restored.Files.Select(file => Path.GetRelativePath(_folder["data"], file.StoredPath)));
        Assert.True(restored.Options.PortableNames);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Existing_data_is_found_under_its_names_whatever_the_option_says(bool isPortable)
    {
        string[] names = isPortable ? Portable : Native;
        Directory.CreateDirectory(_folder["data/t"]);
        foreach (string name in names)
            await File.WriteAllBytesAsync(_folder["data/" + name], new byte[1000], Token);
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(Content()), new TorrentOptions { PortableNames = !isPortable }, Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        Assert.Equal(names.Select(name => _folder["data/" + name]), torrent.Files.Select(file => file.StoredPath));
    }

    [Fact]
    public async Task Without_the_option_names_are_kept()
    {
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(Content()), new TorrentOptions { Stopped = true }, Token);
        Assert.Equal(Native.Select(name => _folder["data/" + name]), torrent.Files.Select(file => file.StoredPath));
    }

    private static byte[] Content() => TestTorrents.Of(
        "t", 16 * 1024, new byte[4000], Native.Select(name => new MetainfoFile { Path = [name[2..]], Length = 1000 }));

    private Task<Session> StartAsync() => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = _folder["data"],
            StateFolder = _folder["state"],
            ListenPort = 0,
            BindAddress = IPAddress.Loopback,
        },
        Token);
}
