using System.Diagnostics;
using System.Globalization;

namespace Freshet.Benchmarks.Rest;

/// <summary>
/// The cost of a session with many torrents that are complete and at rest: it is restored, left alone for half a minute, and stopped. Each
/// measurement runs in its own process, and libtorrent's uses the same torrents.
/// </summary>
internal static class RestoreBench
{
    public const string Verb = "restore";

    private const string Usage = "restore [COUNT] [--in FOLDER] [--rest SECONDS] [--only freshet|libtorrent] [--keep]";

    /// <summary>Makes the torrents, measures, and removes them.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["child", string made, string rest])
        {
            await RestoredSession.MeasureAsync(made, TimeSpan.FromSeconds(int.Parse(rest, CultureInfo.InvariantCulture)));
            return 0;
        }

        if (RestoreOptions.Parse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        string folder = Directory.CreateDirectory(Path.Combine(options.Folder, $"freshet-restore-{Environment.ProcessId}")).FullName;
        try
        {
            Stopwatch watch = Stopwatch.StartNew();
            RestTorrents.Make(folder, options.Count);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{options.Count} torrents of {RestTorrents.Pieces} pieces and {RestTorrents.FileCount} files, "
                + $"made in {watch.Elapsed.TotalSeconds:0} s in {folder}"));
            string seconds = options.RestSeconds.ToString(CultureInfo.InvariantCulture);
            int code = 0;
            if (options.Only is null or "freshet")
                code |= await RunAsync(Environment.ProcessPath!, [.. SelfArguments(), Verb, "child", folder, seconds]);
            if (options.Only is null or "libtorrent")
                code |= await RunAsync(
                    "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "restore_libtorrent.py"), folder, seconds]);
            return code;
        }
        finally
        {
            if (!options.Keeps)
                Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> SelfArguments() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(RestoreBench).Assembly.Location] : [];

    private static async Task<int> RunAsync(string program, IEnumerable<string> args)
    {
        using Process process = Process.Start(program, args);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
