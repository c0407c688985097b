using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Freshet.Cli.Tests.Commands;

/// <summary>
/// <c>freshet stream</c> with a real player, ffmpeg, on a video whose index lies at its end: it looks there first, and then seeks while
/// most of the file has not been downloaded yet.
/// </summary>
public sealed class PlayerTests : IDisposable
{
    private const int Seconds = 120;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_player_recognizes_it_and_seeks_to_where_nothing_is_downloaded_yet()
    {
        Requires.That(await HasPlayerAsync(), "ffmpeg is not installed (Debian: apt-get install ffmpeg).");
        string video = _folder.Write("seed/film.mp4", []);
        string source = $"testsrc2=duration={Seconds}:size=640x360:rate=25";
        await RunAsync("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, "-c:v", "mpeg4", "-b:v", "1500k", "-g", "50", video);
        byte[] content = await File.ReadAllBytesAsync(video, TestContext.Current.CancellationToken);
        string torrent = _folder.Write("x.torrent", TorrentOf(content));
        string[] shared = ["--port", "0", "--bind", "127.0.0.1", "--no-dht", "--no-lsd", "--json"];
        await using RunningCommand seed = new(
            ["seed", torrent, "--data", _folder["seed"], "--no-resume", "--max-upload", $"{content.Length / 30}", .. shared]);
        await seed.WaitForEventAsync("seeding");
        string peer = (await seed.WaitForEventAsync("listening"))[0].GetProperty("endpoint").GetString()!;
        await using RunningCommand stream = new(
            ["stream", torrent, "-o", _folder["out"], "--state", _folder["state"], "--peer", peer, .. shared]);
        string url = (await stream.WaitForEventAsync("streaming"))[0].GetProperty("url").GetString()!;

        byte[] length = await RunAsync(
            "ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "default=noprint_wrappers=1:nokey=1", url);
        Assert.Equal(Seconds, double.Parse(System.Text.Encoding.ASCII.GetString(length), CultureInfo.InvariantCulture), 0.5);

        // At the same time, in different places.
        int[] places = [100, 20, 60];
        byte[][] frames = await Task.WhenAll(places.Select(place => FrameAsync(place, url)));
        Assert.DoesNotContain(stream.Events, line => RunningCommand.Is(line, "completed"));
        for (int i = 0; i < places.Length; i++)
            Assert.Equal(await FrameAsync(places[i], video), frames[i]);
    }

    private static Task<byte[]> FrameAsync(int second, string input) => RunAsync(
        "ffmpeg", "-v", "error", "-ss", second.ToString(CultureInfo.InvariantCulture), "-i", input,
        "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1");

    private static async Task<bool> HasPlayerAsync()
    {
        try
        {
            await RunAsync("ffprobe", "-version");
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static async Task<byte[]> RunAsync(string program, params string[] arguments)
    {
        using Process process = new()
        {
            StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.Start();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using MemoryStream output = new();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return output.ToArray();
    }

    private static byte[] TorrentOf(byte[] content) => TestTorrents.OfFile("film.mp4", 64 * 1024, content);
}
