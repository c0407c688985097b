using System.Net;
using Freshet.Api;
using Freshet.Core.Peers;
using Freshet.Daemon.Http;
using Freshet.Daemon.Security;

namespace Freshet.Daemon.Running;

/// <summary>What settings may be.</summary>
internal static class SettingsRules
{
    private const long LeastRate = 1024;

    /// <summary>The change, with paths in full.</summary>
    /// <exception cref="ApiException">A value is out of range; it says all that are.</exception>
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
        if (change.Bind is { Length: > 0 } target && !BindTarget.TryParse(target, out _))
            errors["bind"] = "is neither an IP address nor the name of an interface";
        if (change.DownloadFolder is { } folder)
        {
            if (allowed.Resolve(folder, downloadFolder) is { } full)
                change = change with { DownloadFolder = full };
            else
                errors["downloadFolder"] = "is not in an allowed folder";
        }

        return errors.Count == 0 ? change : throw new ApiException(
            400, "invalid-value", string.Join("; ", errors.Select(error => $"{error.Key} {error.Value}")) + ".")
        {
            Errors = errors,
        };

        void RequireRate(long? rate, string member)
        {
            if (rate is < 0 or (> 0 and < LeastRate))
                errors[member] = $"is {rate}: {LeastRate} or more, or 0 for no limit";
        }

        void RequireRange(int? value, int least, int most, string member)
        {
            if (value < least || value > most)
                errors[member] = $"is {value}: {least} to {most}";
        }
    }
}
