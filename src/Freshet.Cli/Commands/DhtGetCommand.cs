using System.CommandLine;
using Freshet.Cli.Consoles;
using Freshet.Cli.Dht;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet dht get</c>: gets an item from the DHT (BEP 44).</summary>
internal static class DhtGetCommand
{
    private const int TargetDigits = 40;
    private const int KeyDigits = 64;

    public static Command Create(IConsoleStreams streams)
    {
        DhtCommand dht = new();
        Argument<string> what = new("TARGET") { Description = "The item's hash (40 hex digits), or the public key of its owner (64)." };
        Option<string?> salt = DhtItemValues.SaltOption();
        Command command = new("get", "Get a stored item.") { what, salt };
        dht.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            byte[] bytes = BytesOf(parsed.GetValue(what)!);
            byte[] salted = DhtItemValues.SaltOf(parsed.GetValue(salt));
            if (bytes.Length * 2 == TargetDigits && salted.Length > 0)
                throw new CliException("Only items of a public key have a salt.", "Name the public key, or leave out --salt.");
            DhtNode node = await dht.StartAsync(parsed, isPassing: true, cancellationToken).ConfigureAwait(false);
            await using (node.ConfigureAwait(false))
            {
                DhtItem item = bytes.Length * 2 == TargetDigits
                    ? await node.GetItemAsync(new InfoHash(bytes), cancellationToken).ConfigureAwait(false)
                    : await node.GetItemAsync(bytes, salted, cancellationToken).ConfigureAwait(false);
                DhtItemOutput.RequireAnswers(item);
                if (item.Value is null)
                    throw new CliException($"None of {item.Answers} nodes has it.", "Items are forgotten two hours after they were put.");
                DhtItemOutput.Write(streams, item, key: default, dht.IsJson(parsed));
                return ExitCode.Done;
            }
        });
        return command;
    }

    private static byte[] BytesOf(string text) => text.Length is TargetDigits or KeyDigits && text.All(char.IsAsciiHexDigit)
        ? Convert.FromHexString(text)
        : throw new CliException($"'{text}' is neither an item's hash nor a public key.", "A hash has 40 hex digits, a public key 64.");
}
