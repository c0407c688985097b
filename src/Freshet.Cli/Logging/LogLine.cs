using System.Globalization;
using System.Text;
using Freshet.Cli.Output;
using Microsoft.Extensions.Logging;

namespace Freshet.Cli.Logging;

/// <summary>
/// A log entry as one line: the time (UTC), the level, the event's name and the message, then the message's values as <c>name=value</c>.
/// </summary>
internal static class LogLine
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const string TemplateName = "{OriginalFormat}";

    /// <param name="time">When it happened.</param>
    /// <param name="level">The level.</param>
    /// <param name="name">The event's name.</param>
    /// <param name="message">The message.</param>
    /// <param name="state">The message's values, if they have names.</param>
    /// <param name="exception">The exception, or null.</param>
    public static string Of(DateTimeOffset time, LogLevel level, string? name, string message, object? state, Exception? exception)
    {
        StringBuilder line = new();
        line.Append(time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)).Append(' ').Append(NameOf(level)).Append(' ');
        line.Append(name ?? "-").Append(' ').Append(Quote(message, always: true));
        if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            foreach ((string key, object? value) in values)
            {
                if (key != TemplateName && value is not null)
                    line.Append(' ').Append(key).Append('=').Append(Quote(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
            }
        }

        if (exception is not null)
            line.Append(" exception=").Append(Quote(exception.ToString(), always: true));
        return line.ToString();
    }

    /// <summary>Names of equal length, so that lines align.</summary>
    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace  ",
        LogLevel.Debug => "debug  ",
        LogLevel.Information => "info   ",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error  ",
        _ => "fatal  ",
    };

    private static string Quote(string value, bool always = false)
    {
        string safe = SafeText.Of(Secrets.Mask(value.ReplaceLineEndings("\\n")));
        bool isPlain = safe.Length > 0 && !safe.AsSpan().ContainsAny(" \"=");
        return isPlain && !always ? safe : $"\"{safe.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}
