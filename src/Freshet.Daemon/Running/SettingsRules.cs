using System.Net;
using Freshet.Api;
using Freshet.Core.Peers;
using Freshet.Core.Wire.Proxies;
using Freshet.Daemon.Http;

namespace Freshet.Daemon.Running;

/// <summary>Validates settings.</summary>
internal static class SettingsRules
{
    private const int MostTorrents = 100_000;

    /// <summary>A limit of a rate.</summary>
    public static readonly ValueLimits Rate = new() { Least = 1024, OrZero = true };

    private static readonly ValueLimits Torrents = new() { Least = 0, Most = MostTorrents };

    /// <summary>The numbers among the settings, and what they may be.</summary>
    public static readonly IReadOnlyDictionary<string, ValueLimits> Numbers = new Dictionary<string, ValueLimits>(StringComparer.Ordinal)
    {
        ["maxDownloadRate"] = Rate,
        ["maxUploadRate"] = Rate,
        ["alternativeMaxDownloadRate"] = Rate,
        ["alternativeMaxUploadRate"] = Rate,
        ["localMaxDownloadRate"] = Rate,
        ["localMaxUploadRate"] = Rate,
        ["maxConnections"] = new() { Least = 2, Most = 65_535 },
        ["checkpointInterval"] = new() { Least = 1, Most = 3_600 },
        ["listenPort"] = new() { Least = 0, Most = IPEndPoint.MaxPort },
        ["maxActiveDownloads"] = Torrents,
        ["maxActiveSeeds"] = Torrents,
        ["maxActive"] = Torrents,
        ["maxChecks"] = new() { Least = 0, Most = 64 },
        ["slowRate"] = new() { Least = 1 },
        ["slowTime"] = new() { Least = 1, Most = 86_400 },
        ["seedRatio"] = SeedLimitsMap.Ratio,
        ["seedTime"] = SeedLimitsMap.Time,
        ["seedIdleTime"] = SeedLimitsMap.IdleTime,
    };

    /// <summary>The change, with full paths.</summary>
    /// <exception cref="ApiException">
    /// Values are out of range, and the message names all of them; or a disk does not respond.
    /// </exception>
    public static async Task<SessionChange> CheckedAsync(
        SessionChange change, FolderPaths paths, string downloadFolder, CancellationToken cancellationToken)
    {
        (SessionChange full, Dictionary<string, string> errors) =
            await CheckAsync(change, paths, downloadFolder, unseen: null, cancellationToken).ConfigureAwait(false);
        return errors.Count == 0 ? full : throw ApiException.InvalidValues(errors);
    }

    /// <summary>Finds what is wrong with a change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="paths">Looks at the paths.</param>
    /// <param name="downloadFolder">The folder that relative paths start from.</param>
    /// <param name="unseen">
    /// Gets what could not be looked at, since a disk does not respond, and is kept as it is; null if that is an error.
    /// </param>
    /// <param name="cancellationToken">Ends waiting for disks.</param>
    /// <returns>The change with full paths, and what is wrong with members of it.</returns>
    /// <exception cref="ApiException">A disk does not respond.</exception>
    public static async Task<(SessionChange Change, Dictionary<string, string> Errors)> CheckAsync(
        SessionChange change, FolderPaths paths, string downloadFolder, ICollection<string>? unseen, CancellationToken cancellationToken)
    {
        Dictionary<string, string> errors = [];
        Require(change.MaxDownloadRate, "maxDownloadRate");
        Require(change.MaxUploadRate, "maxUploadRate");
        Require(change.AlternativeMaxDownloadRate, "alternativeMaxDownloadRate");
        Require(change.AlternativeMaxUploadRate, "alternativeMaxUploadRate");
        Require(change.LocalMaxDownloadRate, "localMaxDownloadRate");
        Require(change.LocalMaxUploadRate, "localMaxUploadRate");
        Require(change.MaxConnections, "maxConnections");
        Require(change.CheckpointInterval, "checkpointInterval");
        Require(change.ListenPort, "listenPort");
        Require(change.MaxActiveDownloads, "maxActiveDownloads");
        Require(change.MaxActiveSeeds, "maxActiveSeeds");
        Require(change.MaxActive, "maxActive");
        Require(change.MaxChecks, "maxChecks");
        Require(change.SlowRate, "slowRate");
        Require(change.SlowTime, "slowTime");
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
        if (change.Blocklist is { Length: > 0 } file && !errors.ContainsKey("blocklist")
            && await ObjectionAsync(file).ConfigureAwait(false) is { } objection)
            errors["blocklist"] = objection;
        return (change, errors);

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

        Task<string?> ObjectionAsync(string file) =>
            SeenAsync(paths.LookAsync(file, ObjectionToBlocklist, cancellationToken), "blocklist", file, unknown: null);

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

        // All of it is read: what is wrong with it now would prevent the next start.
        static string? ObjectionToBlocklist(string file)
        {
            if (!File.Exists(file))
                return "is not a file";
            try
            {
                Session.CheckBlocklist(file);
                return null;
            }
            catch (FreshetException e)
            {
                return $"cannot be used: {e.Message.TrimEnd('.')}";
            }
        }

        void Require(long? value, string member)
        {
            if (value is { } given && !Numbers[member].Allows(given))
                errors[member] = $"is {given}: {Numbers[member]}";
        }
    }
}
