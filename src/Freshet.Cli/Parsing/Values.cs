using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Numerics;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Cli.Parsing;

/// <summary>Parses the values of options and arguments, and says how a wrong one should be written.</summary>
internal static class Values
{
    private const int MinPieceLength = 16 * 1024;
    private const int MaxSeconds = 1_000_000;
    private const int NameServerPort = 53;

    private delegate bool TryParse<T>(string? text, out T value);

    public static Option<DataRate?> RateOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "RATE",
        CustomParser = result => Read(result, static (string? text, out DataRate? rate) =>
        {
            bool parsed = DataRate.TryParse(text, out DataRate value) && value.BytesPerSecond >= 1024;
            rate = value;
            return parsed;
        }, "a rate of at least 1 KiB/s; write it as 2MiB/s, 500kB/s or 1000000"),
    };

    public static Option<ByteSize> SizeOption(string name, string description, ByteSize defaultValue) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        DefaultValueFactory = _ => defaultValue,
        CustomParser = static result => Read(result, static (string? text, out ByteSize size) =>
            ByteSize.TryParse(text, out size) && size.Bytes > 0, "a size; write it as 64MiB or 1GB"),
    };

    public static Option<int?> PieceSizeOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = result => Read(result, static (string? text, out int? length) =>
        {
            bool parsed = ByteSize.TryParse(text, out ByteSize size)
                && BitOperations.IsPow2(size.Bytes) && size.Bytes is >= MinPieceLength and <= MetainfoBuilder.MaxPieceLength;
            length = parsed ? (int)size.Bytes : null;
            return parsed;
        }, "a piece size; it is a power of two from 16KiB to 256MiB"),
    };

    public static Option<int?> PortOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Read(result, static (string? text, out int? port) =>
        {
            bool parsed = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value <= IPEndPoint.MaxPort;
            port = value;
            return parsed;
        }, "a port; it is a number from 0 to 65535"),
    };

    public static Option<int?> SecondsOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SECONDS",
        CustomParser = result => Read(result, static (string? text, out int? seconds) =>
        {
            bool parsed = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                && value is > 0 and <= MaxSeconds;
            seconds = value;
            return parsed;
        }, "a number of seconds, from 1 to a million"),
    };

    public static Option<TimeSpan?> DurationOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => Read<TimeSpan?>(result, TryParseDuration, "a time; write it as 90s, 30m, 12h or 7d"),
    };

    public static Option<int?> CountOption(string name, string description, int most = 1_000_000) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Read(result, (string? text, out int? count) =>
        {
            bool parsed = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0 && value <= most;
            count = value;
            return parsed;
        }, string.Create(CultureInfo.InvariantCulture, $"a number from 1 to {most}")),
    };

    public static Option<BindTarget?> BindOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDRESS|INTERFACE",
        CustomParser = result => Read<BindTarget?>(
            result, BindTarget.TryParse, "an IP address of this machine, or the name of an interface, such as eth0"),
    };

    public static Option<IPEndPoint[]> NameServersOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDRESS[:PORT]",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = static _ => [],
        CustomParser = static result =>
        [
            .. result.Tokens.Select(token => ReadOne<IPEndPoint>(
                result,
                token.Value,
                TryParseNameServer!,
                "the address of a name server; write it as 127.0.0.1, 127.0.0.1:5353 or [::1]:5353")),
        ],
    };

    public static Option<IPEndPoint[]> AddressesOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDRESS:PORT",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = static _ => [],
        CustomParser = static result =>
        [
            .. result.Tokens.Select(token => ReadOne<IPEndPoint>(
                result, token.Value, HostPort.TryParseAddress!, "an address with its port; write it as 127.0.0.1:6881 or [::1]:6881")),
        ],
    };

    public static Option<HostPort[]> PeersOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "HOST:PORT",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = static _ => [],
        CustomParser = static result =>
            [.. result.Tokens.Select(token => ReadOne<HostPort>(result, token.Value, HostPort.TryParse, HostPortForm))],
    };

    public static Argument<HostPort> PeerArgument(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = static result => Read<HostPort>(result, HostPort.TryParse, HostPortForm),
    };

    public static Option<IPEndPoint?> EndPointOption(string name, string description, IPEndPoint? defaultValue = null) => new(name)
    {
        Description = description,
        HelpName = "ADDRESS:PORT",
        DefaultValueFactory = _ => defaultValue,
        CustomParser = static result => Read<IPEndPoint?>(
            result, HostPort.TryParseAddress, "an address with its port; write it as 127.0.0.1:6969 or [::1]:6969"),
    };

    public static Argument<int> PieceArgument(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = static result => Read(result, static (string? text, out int piece) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out piece), "a piece's number, counted from 0"),
    };

    /// <summary>Splits an option's value of URLs separated by commas.</summary>
    public static ImmutableArray<string> SplitUrls(string value) =>
        [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    /// <summary>Rejects values that are not URLs of one of the schemes.</summary>
    public static void RequireUrls(OptionResult result, params string[] schemes)
    {
        foreach (string url in result.Tokens.SelectMany(token => SplitUrls(token.Value) is { Length: > 0 } urls ? urls : [token.Value]))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || !schemes.Contains(uri.Scheme) || uri.Host.Length == 0)
                result.AddError($"'{url}' is not a URL of {string.Join(", ", schemes)}.");
        }
    }

    private static bool TryParseNameServer(string? text, out IPEndPoint? server)
    {
        if (IPAddress.TryParse(text, out IPAddress? address))
            server = new IPEndPoint(address, NameServerPort);
        else if (!HostPort.TryParseAddress(text, out server) || server.Port == 0)
            server = null;
        return server is not null;
    }

    private static bool TryParseDuration(string? text, out TimeSpan? duration)
    {
        duration = null;
        int unit = text is { Length: > 1 }
            ? text[^1] switch
            {
                's' => 1,
                'm' => 60,
                'h' => 3_600,
                'd' => 86_400,
                _ => 0,
            }
            : 0;
        if (unit == 0 || !int.TryParse(text.AsSpan(0, text!.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return false;
        duration = TimeSpan.FromSeconds((long)number * unit);
        return true;
    }

    private const string HostPortForm = "a host with its port; write it as example.org:6881 or [::1]:6881";

    private static T Read<T>(ArgumentResult result, TryParse<T> parse, string form) =>
        ReadOne(result, result.Tokens.Count > 0 ? result.Tokens[^1].Value : "", parse, form);

    private static T ReadOne<T>(ArgumentResult result, string text, TryParse<T> parse, string form)
    {
        if (!parse(text, out T value))
            result.AddError($"'{text}' is not {form}.");
        return value;
    }
}
