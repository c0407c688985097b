using System.Net;
using Freshet.Api;
using Freshet.Core.Peers;
using Freshet.Core.Wire.Proxies;
using Freshet.Daemon.Http;
using Freshet.Daemon.Security;

namespace Freshet.Daemon.Running;

/// <summary>Validates settings.</summary>
internal static class SettingsRules
{
    private const long LeastRate = 1024;

    private const int MostTorrents = 100_000;

    /// <summary>Whether a value is a valid rate limit, where 0 means none.</summary>
    public static bool IsRate(long rate) => rate is 0 or >= LeastRate;

    /// <summary>The change, with full paths.</summary>
    /// <exception cref="ApiException">Values are out of range; the message names all of them.</exception>
    public static SessionChange Checked(SessionChange change, AllowedFolders allowed, string downloadFolder)
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
        if (change.Bind is { Length: > 0 } target && !BindTarget.TryParse(target, out _))
            errors["bind"] = "is neither an IP address nor the name of an interface";
        change = change with
        {
            DownloadFolder = PathOf(change.DownloadFolder, "downloadFolder"),
            IncompleteFolder = change.IncompleteFolder is "" ? "" : PathOf(change.IncompleteFolder, "incompleteFolder"),
            Blocklist = change.Blocklist is "" ? "" : PathOf(change.Blocklist, "blocklist", isForFiles: false),
        };
        if (change.Blocklist is { Length: > 0 } file && !File.Exists(file))
            errors.TryAdd("blocklist", "is not a file");
        return errors.Count == 0 ? change : throw ApiException.InvalidValues(errors);

        string? PathOf(string? path, string member, bool isForFiles = true)
        {
            if (path is null)
                return null;
            string? full = isForFiles ? allowed.ResolveForFiles(path, downloadFolder) : allowed.Resolve(path, downloadFolder);
            if (full is null)
                errors[member] = isForFiles ? "is not in an allowed folder, or a watch folder is in it" : "is not in an allowed folder";
            return full;
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
