using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Freshet.Api;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Wire.Proxies;
using Freshet.Daemon.Running;
using Freshet.Daemon.Views;

namespace Freshet.Daemon.Configuration;

/// <summary>Reads values of the configuration. What cannot be read is a <see cref="FormatException"/> that says what is expected.</summary>
internal static class Values
{
    public static IPEndPoint EndPoint(string text) =>
        IPEndPoint.TryParse(text, out IPEndPoint? endPoint) && (endPoint.Port != 0 || text.EndsWith(":0", StringComparison.Ordinal))
            ? endPoint
            : throw Wrong(text, "an address and a port, such as 127.0.0.1:8690 or [::1]:8690");

    public static BindTarget Bind(string text) =>
        BindTarget.TryParse(text, out BindTarget? target)
            ? target
            : throw Wrong(text, "an IP address of this machine, or the name of an interface, such as eth0");

    public static ImmutableArray<IPEndPoint> NameServers(IReadOnlyList<string> values)
    {
        ImmutableArray<IPEndPoint> servers = [.. values.Select(static value => IPAddress.TryParse(value, out IPAddress? address)
            ? new IPEndPoint(address, 53)
            : EndPoint(value))];
        try
        {
            new SessionOptions { NameServers = servers }.Validate();
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"cannot be used: {e.Message}", e);
        }

        return servers;
    }

    public static string HostName(string text) =>
        Uri.CheckHostName(text) != UriHostNameType.Unknown ? text : throw Wrong(text, "the name of a host, without a port");

    public static string ExistingFile(string text) =>
        File.Exists(text) ? Path.GetFullPath(text) : throw Wrong(text, "a file that exists");

    public static string Folder(string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Contains('\0', StringComparison.Ordinal))
            throw Wrong(text, "a folder");
        return text.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), text[2..])
            : Path.GetFullPath(text);
    }

    public static string Hash(string text) =>
        PasswordHash.IsWellFormed(text) ? text : throw new FormatException("is not a hash: print one with freshet daemon hash-password");

    public static bool Flag(string text) =>
        bool.TryParse(text, out bool value) ? value : throw Wrong(text, "true or false");

    public static int Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw Wrong(text, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));

    public static ByteSize Size(string text, ByteSize least, ByteSize most) =>
        ByteSize.TryParse(text, out ByteSize size) && size >= least && size <= most
            ? size
            : throw Wrong(text, $"a size from {least} to {most}, such as 64MiB");

    public static DataRate? Rate(string text)
    {
        if (!DataRate.TryParse(text, out DataRate rate) || rate.BytesPerSecond is > 0 and < 1024)
            throw Wrong(text, "a rate of 1KiB/s or more, such as 500kB/s or 2MiB/s, or 0 for no limit");
        return rate.BytesPerSecond == 0 ? null : rate;
    }

    public static Preallocation Preallocation(string text) => text.ToUpperInvariant() switch
    {
        "SPARSE" => Freshet.Preallocation.Sparse,
        "FULL" => Freshet.Preallocation.Full,
        _ => throw Wrong(text, "sparse or full"),
    };

    public static ImmutableArray<string> Bootstrap(IReadOnlyList<string> values)
    {
        DhtOptions options = new() { Bootstrap = values is ["none"] ? [] : [.. values] };
        try
        {
            new SessionOptions { Dht = options }.Validate();
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"cannot be used: {e.Message}", e);
        }

        return options.Bootstrap;
    }

    public static UtpMode Utp(string text) =>
        Word<UtpMode>(text) ?? throw Wrong(text, "on, off or only");

    public static EncryptionOptions Encryption(string text) =>
        EngineCodes.Of(Word<EncryptionCode>(text) ?? throw Wrong(text, "disabled, allowed, preferred or required"));

    public static ProxyOptions Proxy(string text) =>
        ProxyOptions.TryParse(text, out ProxyOptions? proxy, out string? error)
            ? proxy
            : throw new FormatException($"cannot be used: {error}");

    /// <summary>Several may also stand in one value, with commas in between, as on the command line.</summary>
    public static ProxyUses ProxyUses(IReadOnlyList<string> values) => EngineCodes.Of(
    [
        .. values.SelectMany(static value => value.Split(',', StringSplitOptions.TrimEntries))
            .Select(static word => Word<ProxyUseCode>(word) ?? throw Wrong(word, "peers, trackers, webseeds or dht")),
    ]);

    public static ImmutableArray<ScheduledLimits> Schedule(IReadOnlyList<string> values) =>
    [
        .. values.Select(value => ScheduledLimits.TryParse(value, out ScheduledLimits? limits)
            ? limits
            : throw Wrong(value, "days, times and rates, such as mon-fri 08:00-18:00 down=1MiB/s up=100kB/s")),
    ];

    /// <summary>A limit on a number; null, which is written 0, is none.</summary>
    public static int? Limit(string text, int most) => Number(text, 0, most) is > 0 and int limit ? limit : null;

    public static double? Ratio(string text)
    {
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double ratio)
            || ratio is < 0 or > 1_000_000)
            throw Wrong(text, "a ratio such as 1.5, or 0 for no limit");
        return ratio == 0 ? null : ratio;
    }

    public static TimeSpan? Seconds(string text, int least)
    {
        int seconds = Number(text, 0, (int)SeedLimitsMap.MostSeconds);
        if (seconds > 0 && seconds < least)
            throw Wrong(text, string.Create(CultureInfo.InvariantCulture, $"{least} seconds or more, or 0 for no limit"));
        return seconds == 0 ? null : TimeSpan.FromSeconds(seconds);
    }

    public static SeedEnd SeedEnd(string text) => SeedLimitsMap.EndOf(text.ToUpperInvariant() switch
    {
        "STOP" => SeedEndCode.Stop,
        "REMOVE" => SeedEndCode.Remove,
        "REMOVE-WITH-FILES" => SeedEndCode.RemoveWithFiles,
        _ => throw Wrong(text, "stop, remove or remove-with-files"),
    });

    public static ImmutableArray<string> Program(IReadOnlyList<string> values) =>
        Path.IsPathRooted(values[0]) && File.Exists(values[0])
            ? [.. values]
            : throw Wrong(values[0], "the absolute path of a program that exists, then its arguments");

    // Numbers, which the framework takes for names, are no words.
    private static T? Word<T>(string text)
        where T : struct, Enum =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && Enum.TryParse(text, ignoreCase: true, out T value) ? value : null;

    private static FormatException Wrong(string text, string expected) => new($"is \"{text}\": expected {expected}");
}
