using System.CommandLine;
using Freshet.Cli.Parsing;
using Freshet.Core.Rates;

namespace Freshet.Cli.Transfers;

/// <summary>The options that limit peers, torrents, addresses and rates.</summary>
internal sealed class LimitOptions
{
    private readonly Option<int?> _maxPeers = Values.CountOption("--max-peers", "The most connected peers of each torrent.", 10_000);
    private readonly Option<int?> _maxActive = Values.CountOption(
        "--max-active", "The maximum number of torrents that download or seed at once; the others wait for their turn.");

    private readonly Option<FileInfo?> _blocklist = new("--blocklist")
    {
        Description = "A file of addresses to block: CIDR blocks, ipfilter.dat or .p2p, also .gz; read again when it changes.",
        HelpName = "FILE",
    };

    private readonly Option<ScheduledLimits[]> _schedule = new("--schedule")
    {
        Description = "Limits for some hours, such as 'mon-fri 08:00-18:00 down=1MiB/s up=100kB/s'; repeatable.",
        HelpName = "WHEN",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = static _ => [],
        CustomParser = static result =>
        {
            List<ScheduledLimits> schedule = [];
            foreach (string text in result.Tokens.Select(static token => token.Value))
            {
                if (ScheduledLimits.TryParse(text, out ScheduledLimits? limits))
                    schedule.Add(limits);
                else
                    result.AddError($"'{text}' is not a schedule; write it as 'mon-fri 08:00-18:00 down=1MiB/s up=100kB/s'.");
            }

            return [.. schedule];
        },
    };

    public void AddTo(Command command)
    {
        command.Add(_maxPeers);
        command.Add(_maxActive);
        command.Add(_blocklist);
        command.Add(_schedule);
    }

    /// <summary>The maximum number of connected peers of each torrent.</summary>
    public int MaxPeers(ParseResult parsed) => parsed.GetValue(_maxPeers) ?? new TorrentOptions().MaxPeers;

    public SessionOptions Apply(ParseResult parsed, SessionOptions options) => options with
    {
        Queue = new QueueOptions { MaxActive = parsed.GetValue(_maxActive) },
        Blocklist = parsed.GetValue(_blocklist)?.FullName,
        Schedule = [.. parsed.GetValue(_schedule) ?? []],
    };
}
