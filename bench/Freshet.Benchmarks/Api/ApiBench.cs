using System.Diagnostics;
using System.Globalization;
using System.Net;
using Freshet.Benchmarks.Rest;
using Freshet.Daemon;

namespace Freshet.Benchmarks.Api;

/// <summary>
/// How soon a daemon with many torrents answers while it downloads at full speed. The daemon is a separate process; this process seeds what
/// the daemon downloads, and sends the requests.
/// </summary>
internal static class ApiBench
{
    public const string Verb = "api";

    private const string Usage = "api [COUNT] [--seconds SECONDS] [--in FOLDER] [--clients N] [--listeners N]";

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["child", string made])
            return await ServeAsync(made);
        if (ApiBenchOptions.Parse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        string folder = Directory.CreateDirectory(Path.Combine(options.Folder, $"freshet-api-{Environment.ProcessId}")).FullName;
        try
        {
            RestTorrents.Make(folder, options.Count);
            await using SeededDownload download = await SeededDownload.CreateAsync(Path.Combine(folder, "seed"));
            using Process daemon = Start(folder);
            try
            {
                string[] address = ((await daemon.StandardOutput.ReadLineAsync())
                    ?? throw new InvalidOperationException("The daemon has not started.")).Split(' ');
                using ApiLoad load = new(new Uri(address[0]), address[1]);
                await load.WaitForAsync(options.Count);
                Print($"{options.Count} torrents, a download at full speed beside them, {options.Seconds} s");
                Print($"{options.Clients} clients send requests, {options.Listeners} listen to events");
                await load.RunAsync(download, options, Print);
            }
            finally
            {
                daemon.StandardInput.Close();
                await daemon.WaitForExitAsync();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    // Until the other end of its input is closed.
    private static async Task<int> ServeAsync(string folder)
    {
        await using DaemonServer daemon = await DaemonServer.StartAsync(new DaemonOptions
        {
            Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
            Session = new SessionOptions
            {
                DownloadFolder = RestTorrents.DataIn(folder),
                StateFolder = RestTorrents.StateIn(folder),
                BindAddress = IPAddress.Loopback,
                ListenPort = 0,
                Dht = null,
                LocalDiscovery = false,
            },
        });
        Print($"{daemon.Urls[0]} {daemon.Token}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static Process Start(string folder)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(ApiBench).Assembly.Location);
        foreach (string argument in (string[])[Verb, "child", folder])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
