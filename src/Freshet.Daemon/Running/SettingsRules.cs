using System.Net;
using Freshet.Api;
using Freshet.Core.Peers;
using Freshet.Core.Wire.Proxies;
using Freshet.Daemon.Http;

namespace Freshet.Daemon.Running;

/// <summary>Validates settings.</summary>
internal static class SettingsRules
{
    private const long LeastRate = 1024;

    private const int MostTorrents = 100_000;

    /// <summary>Whether a value is a valid rate limit, where 0 means none.</summary>
    public static bool IsRate(long rate) => rate is 0 or >= LeastRate;

    /// <summary>The change, with full paths.</summary>
    /// <param name="change">The change.</param>
    /// <param name="paths">Looks at the paths.</param>
    /// <param name="downloadFolder">The folder that relative paths start from.</param>
    /// <param name="unseen">
    /// Gets what could not be looked at, since a disk does not respond, and is kept as it is; null if that is an error.
    /// </param>
    /// <param name="cancellationToken">Ends waiting for disks.</param>
    /// <exception cref="ApiException">
    /// Values are out of range, and the message names all of them; or a disk does not respond.
    /// </exception>
    public static async Task<SessionChange> CheckedAsync(
        SessionChange change, FolderPaths paths, string downloadFolder, ICollection<string>? unseen, CancellationToken cancellationToken)
    {
        Dictionary<string, string> errors = [];
        RequireRate(change.MaxDownloadRate, "maxDownloadRate");
        RequireRate(change.MaxUploadRate, "maxUploadRate");
        RequireRate(change.AlternativeMaxDownloadRate, "alternativeMaxDownloadRate");
        RequireRate(change.AlternativeMaxUploadRate, "alternativeMaxUploadRate");
        RequireRange(change.MaxConnections, 2, 65_535, "maxConnections");
        RequireRange(change.CheckpointInterval, 1, 3_600, "checkpointInterval");
        RequireRange(change.ListenPort, 0, IPEndPoint.MaxPort, "listenPort");
        RequireRate(change.LocalMaxDownloadRate, "localMaxDownloadRate");
        RequireRate(change.LocalMaxUploadRate, "localMaxUploadRate");
        RequireRange(change.MaxActiveDownloads, 0, MostTorrents, "maxActiveDownloads");
        RequireRange(change.MaxActiveSeeds, 0, MostTorrents, "maxActiveSeeds");
        RequireRange(change.MaxActive, 0, MostTorrents, "maxActive");
        RequireRange(change.MaxChecks, 0, 64, "maxChecks");
        RequireRange(change.SlowTime, 1, 86_400, "slowTime");
        if (change.SlowRate < 1)
            errors["slowRate"] = $"is {change.SlowRate}: 1 or more";
        SeedLimitsMap.Check(change.SeedRatio, change.SeedTime, change.SeedIdleTime, errors);
        if (change.Schedule is { } schedule && ScheduleMap.FindError(schedule) is { } wrong)
            errors["schedule"] = wrong;
        if (change.Proxy is { Length: > 0 } proxy && !ProxyOptions.TryParse(proxy, out _, out string? mistake))
            errors["proxy"] = mistake;
        if (change.ProxyFor is { Count: 0 })
            errors["proxyFor"] = "is empty: one or more of peers, trackers, webseeds and dht; no proxy is an empty proxy";
        if (change.Bind is { Length: > 0 } target && !BindTarget.TryParse(target, out _))
            errors["bind"] = "is neither an IP address nor the name of an interface";
        change = change with
        {
            DownloadFolder = await PathOfAsync(change.DownloadFolder, "downloadFolder").ConfigureAwait(false),
            IncompleteFolder = change.IncompleteFolder is ""
                ? "" : await PathOfAsync(change.IncompleteFolder, "incompleteFolder").ConfigureAwait(false),
            Blocklist = change.Blocklist is ""
                ? "" : await PathOfAsync(change.Blocklist, "blocklist", isForFiles: false).ConfigureAwait(false),
        };
        if (change.Blocklist is { Length: > 0 } file && !await IsFileAsync(file).ConfigureAwait(false))
            errors.TryAdd("blocklist", "is not a file");
        return errors.Count == 0 ? change : throw ApiException.InvalidValues(errors);

        async Task<string?> PathOfAsync(string? path, string member, bool isForFiles = true)
        {
            if (path is null)
                return null;
            Task<string?> resolving = isForFiles
                ? paths.ResolveForFilesAsync(path, downloadFolder, cancellationToken)
                : paths.ResolveAsync(path, downloadFolder, cancellationToken);
            string? full = await SeenAsync(resolving, member, path, unknown: path).ConfigureAwait(false);
            if (full is null)
                errors[member] = isForFiles ? "is not in an allowed folder, or a watch folder is in it" : "is not in an allowed folder";
            return full;
        }

        Task<bool> IsFileAsync(string file) =>
            SeenAsync(paths.LookAsync(file, File.Exists, cancellationToken), "blocklist", file, unknown: true);

        async Task<T> SeenAsync<T>(Task<T> looking, string member, string path, T unknown)
        {
            try
            {
                return await looking.ConfigureAwait(false);
            }
            catch (ApiException e) when (e.Code == "not-available" && unseen is not null)
            {
                unseen.Add($"{member} ({path}): {e.Message}");
                return unknown;
            }
        }

        void RequireRate(long? rate, string member)
        {
            if (rate is { } given && !IsRate(given))
                errors[member] = $"is {rate}: {LeastRate} or more, or 0 for no limit";
        }

        void RequireRange(int? value, int least, int most, string member)
        {
            if (value < least || value > most)
                errors[member] = $"is {value}: {least} to {most}";
        }
    }
}
