using Microsoft.Extensions.Logging;

namespace Freshet.Daemon;

/// <summary>The daemon's own log messages, with stable ids.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Error, "A bug: {Method} {Path} failed")]
    public static partial void RequestFailed(ILogger logger, string method, string path, Exception exception);

    [LoggerMessage(101, LogLevel.Information, "Serving {Url}")]
    public static partial void Serving(ILogger logger, string url);

    [LoggerMessage(102, LogLevel.Error, "A bug: an exception escaped the daemon's ticks; it goes on")]
    public static partial void TickFailed(ILogger logger, Exception exception);

    [LoggerMessage(103, LogLevel.Warning, "The daemon's address stays in the state folder: {Reason}")]
    public static partial void AddressStays(ILogger logger, string reason);

    [LoggerMessage(104, LogLevel.Warning, "A setting is used without being checked: {Reason}")]
    public static partial void SettingUnseen(ILogger logger, string reason);

    [LoggerMessage(106, LogLevel.Warning, "{Warning}")]
    public static partial void SettingUnused(ILogger logger, string warning);

    [LoggerMessage(105, LogLevel.Warning, "The next start shows the token again: {Reason}")]
    public static partial void TokenShownAgain(ILogger logger, string reason);
}
