using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Freshet.Benchmarks.Trackers;

/// <summary>
/// The cost of a tracker: a process of Freshet and one of opentracker get the same announces over UDP, first from many new peers, then from
/// the same peers again. Memory is that of the process, minus what it had right after its start.
/// </summary>
internal static class TrackerBench
{
    public const string Verb = "tracker";

    private const string Usage = "tracker [PEERS] [TORRENTS] [--only freshet|opentracker]";

    private static readonly IPEndPoint EndPoint = new(IPAddress.Parse("127.0.0.8"), 6_970);

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["child"])
            return await TrackerProcess.ServeAsync(EndPoint);
        string? only = args is [.., "--only", var name] ? name : null;
        int[] numbers = [.. args.TakeWhile(arg => char.IsAsciiDigit(arg[0])).Select(arg => int.Parse(arg, CultureInfo.InvariantCulture))];
        if (numbers.Length > 2 || (only is null ? args.Length != numbers.Length : args.Length != numbers.Length + 2))
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        int peers = numbers.Length > 0 ? numbers[0] : 1_000_000;
        int torrents = numbers.Length > 1 ? numbers[1] : 20_000;
        if (only is null or "freshet")
            await MeasureAsync("freshet", TrackerProcess.Start(), peers, torrents);
        if (only is null or "opentracker")
            await MeasureAsync("opentracker", Opentracker.Start(EndPoint, torrents), peers, torrents);
        return 0;
    }

    private static async Task MeasureAsync(string name, Process tracker, int peers, int torrents)
    {
        try
        {
            await UntilListeningAsync(tracker);
            long empty = ResidentBytes(tracker);
            using AnnounceLoad load = new(EndPoint, peers, torrents);
            TimeSpan cpu = CpuOf(tracker);
            TimeSpan filling = load.Run(peers);
            TimeSpan fillingCpu = CpuOf(tracker) - cpu;
            long full = ResidentBytes(tracker);
            cpu = CpuOf(tracker);
            TimeSpan again = load.Run(peers);
            TimeSpan againCpu = CpuOf(tracker) - cpu;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {peers} peers of {torrents} torrents; new ones {peers / filling.TotalSeconds:0}/s, "
                + $"{Micros(fillingCpu, peers):0.0} µs of CPU each; again {peers / again.TotalSeconds:0}/s, "
                + $"{Micros(againCpu, peers):0.0} µs each; {(full - empty) / (double)peers:0} bytes a peer, "
                + $"{full / 1024 / 1024} MiB in all; {load.Refused} refused, {load.Lost} lost"));
        }
        finally
        {
            tracker.Kill();
            await tracker.WaitForExitAsync();
            tracker.Dispose();
        }
    }

    private static double Micros(TimeSpan cpu, int announces) => cpu.TotalMicroseconds / announces;

    private static TimeSpan CpuOf(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private static long ResidentBytes(Process process)
    {
        process.Refresh();
        return process.WorkingSet64;
    }

    private static async Task UntilListeningAsync(Process tracker)
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 100 };
        await probe.ConnectAsync(EndPoint);
        byte[] connect = [0, 0, 4, 0x17, 0x27, 0x10, 0x19, 0x80, 0, 0, 0, 0, 0, 0, 0, 0];
        for (int i = 0; i < 100; i++)
        {
            if (tracker.HasExited)
                throw new InvalidOperationException($"The tracker ended with {tracker.ExitCode}.");
            try
            {
                probe.Send(connect);
                probe.Receive(connect.AsSpan(0, 0));
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }

        throw new TimeoutException("The tracker does not answer.");
    }
}
