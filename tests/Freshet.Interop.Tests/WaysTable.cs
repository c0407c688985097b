using System.Text;

namespace Freshet.Interop.Tests;

/// <summary>
/// The table on the page of features: the ways by which data goes between Freshet and each other client, from the cases that
/// <see cref="EncryptedDownloadTests"/>, <see cref="EncryptedSeedTests"/>, <see cref="UtpTests"/> and <see cref="TransmissionDialTests"/>
/// try.
/// </summary>
internal static class WaysTable
{
    private const string Tcp = "TCP";
    private const string Utp = "uTP";

    private static readonly string[] Columns =
        ["Freshet downloads, and dials", "downloads, and is dialled", "seeds, and dials", "seeds, and is dialled"];

    /// <summary>The table in Markdown, with a row for each client, transport, and encryption setting of the client.</summary>
    public static string Build()
    {
        Dictionary<(ClientKind Kind, string Transport, ClientEncryption Theirs), List<string>[]> rows = [];
        Add(Tcp, 0, EncryptionCases.WhoWeDial);
        Add(Tcp, 1, EncryptionCases.WhoDialsUs);
        Add(Tcp, 2, EncryptionCases.WhoWeDial);
        Add(Tcp, 3, EncryptionCases.WhoDialsUs);
        Add(Tcp, 3, EncryptionCases.WhoFindsUs);
        AddSame(0, UtpTests.SeedsThatWeDial);
        AddSame(1, UtpTests.WhoDialsUs);
        AddSame(2, UtpTests.LeechersThatWeDial);
        AddSame(3, UtpTests.WhoDialsUs);
        AddTransmission(Tcp, TransmissionDialTests.OverTcp);
        AddTransmission(Utp, TransmissionDialTests.OverUtp);

        StringBuilder table = new("| client | transport | its encryption | ");
        table.AppendJoin(" | ", Columns).Append(" |\n").Append('|').Insert(table.Length, "---|", Columns.Length + 3).Append('\n');
        foreach (((ClientKind kind, string transport, ClientEncryption theirs), List<string>[] cells) in rows
            .OrderBy(row => row.Key.Kind.ToString(), StringComparer.Ordinal).ThenBy(row => row.Key.Transport).ThenBy(row => row.Key.Theirs))
        {
            table.Append($"| {NameOf(kind)} | {transport} | {Told(kind, theirs)} | ");
            table.AppendJoin(" | ", cells.Select(cell => string.Join(", ", cell))).Append(" |\n");
        }

        return table.ToString();

        void Add(string transport, int column, TheoryData<ClientKind, ClientEncryption, string> cases)
        {
            foreach (TheoryDataRow<ClientKind, ClientEncryption, string> row in cases)
                Put(row.Data.Item1, transport, row.Data.Item2, column, row.Data.Item3);
        }

        void AddSame(int column, TheoryData<ClientKind, ClientEncryption> cases)
        {
            foreach (TheoryDataRow<ClientKind, ClientEncryption> row in cases)
                Put(row.Data.Item1, Utp, row.Data.Item2, column, OursOf(row.Data.Item2));
        }

        void AddTransmission(string transport, TheoryData<ClientEncryption> cases)
        {
            foreach (TheoryDataRow<ClientEncryption> row in cases)
                Put(ClientKind.Transmission, transport, row.Data, 3, OursOf(row.Data));
        }

        void Put(ClientKind kind, string transport, ClientEncryption theirs, int column, string ours)
        {
            if (!rows.TryGetValue((kind, transport, theirs), out List<string>[]? cells))
                rows.Add((kind, transport, theirs), cells = [[], [], [], []]);
            bool weDial = column is 0 or 2;
            cells[column].Add($"`{ours}`{(IsRepeated(kind, theirs, ours, weDial) ? "*" : "")}");
        }
    }

    // Whether the first handshake of the dialling side is of the kind that the other side refuses.
    private static bool IsRepeated(ClientKind kind, ClientEncryption theirs, string ours, bool weDial)
    {
        bool refusesEncrypted = theirs == ClientEncryption.Plain
            && kind is not (ClientKind.Aria2 or ClientKind.Freshet);
        return weDial
            ? (ours == EncryptionCases.Preferred && refusesEncrypted)
                || (ours == EncryptionCases.Allowed && theirs == ClientEncryption.Rc4Required)
            : ours == EncryptionCases.Disabled && theirs == ClientEncryption.Preferred;
    }

    // How Freshet is set up where both sides have the same setting; see FreshetClient.
    public static string OursOf(ClientEncryption theirs) => theirs switch
    {
        ClientEncryption.Preferred => EncryptionCases.Preferred,
        ClientEncryption.Rc4Required => EncryptionCases.Required,
        _ => EncryptionCases.Allowed,
    };

    private static string NameOf(ClientKind kind) => kind switch
    {
        ClientKind.Aria2 => "aria2",
        ClientKind.Libtorrent => "libtorrent",
        ClientKind.QBittorrent => "qBittorrent",
        ClientKind.RTorrent => "rTorrent",
        _ => kind.ToString(),
    };

    private static string Told(ClientKind kind, ClientEncryption theirs) => (kind, theirs) switch
    {
        (ClientKind.Aria2, ClientEncryption.Plain) => "accepted",
        (ClientKind.Transmission, ClientEncryption.Plain) => "accepted",
        (ClientKind.Freshet, ClientEncryption.Plain) => "allowed",
        (_, ClientEncryption.Plain) => "off",
        (_, ClientEncryption.Preferred) => "tried first",
        (ClientKind.QBittorrent, ClientEncryption.Rc4Required) => "required",
        _ => "RC4 required",
    };
}
