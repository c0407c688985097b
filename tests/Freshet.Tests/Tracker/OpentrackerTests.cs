using System.Diagnostics;
using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Interop.Running;

namespace Freshet.Tests.Tracker;

/// <summary>The tracker client with opentracker, which most public trackers run.</summary>
public sealed class OpentrackerTests
{
    private static readonly InfoHash Swarm = new("\u0001&=%+ .~aaaaaaaaaaaa"u8);
    private static readonly IPAddress Address = IPAddress.Parse("127.0.0.5");

    [Theory]
    [InlineData("http")]
    [InlineData("udp")]
    public async Task An_announce_a_scrape_and_a_farewell_are_understood(string scheme)
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Requires.That(Array.Exists(path, part => File.Exists(Path.Combine(part, "opentracker"))), "opentracker is not installed.");
        using TemporaryFolder folder = new();
        int port = Ports.Next();
        using Process opentracker = Start(folder.Path, port);
        try
        {
            await TrackerConversation.HoldAsync(
                $"{scheme}://{Address}:{port}/announce", Swarm, IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3"));
        }
        finally
        {
            opentracker.Kill();
            await opentracker.WaitForExitAsync(CancellationToken.None);
        }
    }

    // As Debian builds it, it serves only torrents on its list; as root it makes its folder its root and becomes nobody.
    private static Process Start(string folder, int port)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        File.WriteAllText(Path.Combine(folder, "whitelist"), Swarm + "\n");
        string[] arguments = ["-i", $"{Address}", "-p", $"{port}", "-P", $"{port}", "-d", folder, "-w", "whitelist"];
        return Process.Start(new ProcessStartInfo("opentracker", arguments) { WorkingDirectory = folder })!;
    }
}
