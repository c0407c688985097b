using System.CommandLine;
using Freshet.Cli.Consoles;
using Freshet.Cli.Dht;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet dht put</c>: stores an item in the DHT (BEP 44).</summary>
internal static class DhtPutCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        DhtCommand dht = new();
        Argument<string> text = new("TEXT") { Description = "The text to store, about 1,000 bytes at most." };
        Option<FileInfo?> keyFile = new("--key")
        {
            Description = "Sign it with the key in FILE, which is created if it does not exist.",
            HelpName = "FILE",
        };
        Option<string?> salt = DhtItemValues.SaltOption();
        Option<long?> cas = new("--cas") { Description = "Store only if this is the currently stored version.", HelpName = "N" };
        Command command = new("put", "Store an item: immutable by its hash, or mutable by a key.") { text, keyFile, salt, cas };
        dht.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            byte[] value = DhtItemValues.ValueOf(parsed.GetValue(text)!);
            byte[] salted = DhtItemValues.SaltOf(parsed.GetValue(salt));
            long? expected = parsed.GetValue(cas);
            FileInfo? file = parsed.GetValue(keyFile);
            if (file is null && (salted.Length > 0 || expected is not null))
                throw new CliException("Only items of a key have a salt and versions.", "Name a key with --key FILE.");
            DhtItemKey? key = file is null ? null : DhtKeyFile.Open(file);
            DhtNode node = await dht.StartAsync(parsed, isPassing: true, cancellationToken).ConfigureAwait(false);
            await using (node.ConfigureAwait(false))
            {
                DhtItem item = key is null
                    ? await node.PutItemAsync(value, cancellationToken).ConfigureAwait(false)
                    : await node.PutItemAsync(value, key, salted, expected, cancellationToken).ConfigureAwait(false);
                DhtItemOutput.RequireAnswers(item);
                if (item.Stored == 0)
                    throw NotStored(item, expected);
                DhtItemOutput.Write(streams, item, key?.PublicKey ?? default, dht.IsJson(parsed));
                return ExitCode.Done;
            }
        });
        return command;
    }

    private static CliException NotStored(DhtItem item, long? expected) => expected is not null && item.Sequence != expected + 1
        ? new CliException(
            $"Version {item.Sequence ?? 0} is there, not version {expected}.", "Get it, and put yours with its number after --cas.")
        : new CliException($"None of {item.Answers} nodes stored it.", "Try again later.");
}
