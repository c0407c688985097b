using System.CommandLine;
using System.CommandLine.Parsing;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Cli.Parsing;

/// <summary><c>--proxy</c> and <c>--proxy-for</c>.</summary>
internal sealed class ProxyOption
{
    private static readonly (string Word, ProxyUses Use)[] Words =
    [
        ("peers", ProxyUses.Peers), ("trackers", ProxyUses.Trackers), ("webseeds", ProxyUses.WebSeeds), ("dht", ProxyUses.Dht),
    ];

    private readonly Option<ProxyOptions?> _proxy = new("--proxy")
    {
        Description = "Reach others through this proxy alone: socks5://USER:PASSWORD@HOST:PORT or http://HOST:PORT. "
            + "There are no incoming connections then, and HTTP proxies carry no UDP.",
        HelpName = "URL",
        CustomParser = ReadProxy,
    };

    private readonly Option<ProxyUses?> _uses = new("--proxy-for")
    {
        Description = "What goes through the proxy, with commas in between; everything if not given. The rest goes directly.",
        HelpName = "peers,trackers,webseeds,dht",
        CustomParser = ReadUses,
    };

    /// <param name="command">The command.</param>
    /// <param name="hasKinds">Whether it has more than one kind of traffic.</param>
    public void AddTo(Command command, bool hasKinds = true)
    {
        command.Add(_proxy);
        if (!hasKinds)
            return;
        command.Add(_uses);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_uses) is { Implicit: false } && result.GetResult(_proxy) is null or { Implicit: true })
                result.AddError("--proxy-for says what a proxy is used for: name it with --proxy.");
        });
    }

    /// <summary>The proxy; null for none.</summary>
    public ProxyOptions? Of(ParseResult parsed) =>
        parsed.GetValue(_proxy) is { } proxy ? proxy with { Uses = parsed.GetValue(_uses) ?? ProxyUses.All } : null;

    private static ProxyOptions? ReadProxy(ArgumentResult result)
    {
        if (!ProxyOptions.TryParse(result.Tokens.Count > 0 ? result.Tokens[^1].Value : "", out ProxyOptions? proxy, out string? error))
            result.AddError($"--proxy: {error}.");
        return proxy;
    }

    private static ProxyUses? ReadUses(ArgumentResult result)
    {
        ProxyUses uses = ProxyUses.None;
        foreach (string word in result.Tokens.SelectMany(static token => token.Value.Split(',', StringSplitOptions.TrimEntries)))
        {
            ProxyUses use = Words.FirstOrDefault(known => known.Word == word).Use;
            if (use == ProxyUses.None)
                result.AddError($"--proxy-for is some of {string.Join(", ", Words.Select(static known => known.Word))}, not '{word}'.");
            uses |= use;
        }

        return uses;
    }
}
