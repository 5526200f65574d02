namespace AIOrleans.Chaos.Company;

/// <summary>Five levels of accounts with strict quotas of every metric, so tight that at any time some of them refuse.</summary>
internal sealed class TestCompany
{
    public const string AdminSecret = "sk-chaos-admin";

    /// <summary>Half an hour off UTC: hours and days begin where a careless reckoning does not.</summary>
    public const string TimeZone = "Asia/Kolkata";

    public const int Orgs = 2;
    public const int TeamsPerOrg = 2;
    public const int UsersPerOrg = 4;
    public const int KeysPerOrg = 8;
    public const int Apps = 3;

    /// <summary>Requests that the whole tenant is to be granted per second, about. Callers ask for several times as many.</summary>
    private const int RequestsPerSecond = 100;

    /// <summary>What a call uses on average, and what it holds at most, about.</summary>
    private const long TokensUsed = 320;
    private const long TokensHeld = 2_000;
    private const long NanoUsed = 700_000;
    private const long NanoHeld = 7_000_000;

    /// <summary>Accounts that a quarter of all traffic or more is charged to.</summary>
    private const int WideShareMax = 4;

    private readonly Dictionary<string, Account> accounts = new(StringComparer.Ordinal);

    public TestCompany(int seed)
    {
        var dice = new Random(seed);
        Add("tenant:acme", dice, 1, 40, null, (Metric.Cost, "total"), (Metric.Tokens, "hour"), (Metric.Requests, "day"));
        for (int org = 0; org < Orgs; org++)
        {
            Add($"org:acme.o{org}", dice, 2, 24, null, (Metric.Cost, "day"), (Metric.Requests, "month"));
            Repeat(TeamsPerOrg, team => Add($"team:acme.o{org}.t{team}", dice, 4, 14, 18, (Metric.Tokens, "month"), (Metric.Cost, "week")));
            Repeat(UsersPerOrg, user => Add($"user:acme.o{org}.u{user}", dice, 8, 8, null, (Metric.Requests, "hour"), (Metric.Cost, "month")));
            Repeat(KeysPerOrg, key => Add($"key:acme.o{org}.k{key}", dice, 16, 6, 5, (Metric.Tokens, "day"), (Metric.Requests, "minute")));
            foreach (ChatModel model in ChatModel.All)
            {
                Add($"model:acme.o{org}.{model.Name}", dice, 4, 20, null, (Metric.Tokens, "year"));
            }
        }

        Repeat(Apps, app => Add($"app:acme.{OrgOfApp(app)}.a{app}", dice, 3, 20, 28, (Metric.Cost, "quarter"), (Metric.Tokens, "day")));
        Keys = [.. Enumerable.Range(0, Orgs).SelectMany(org => Enumerable.Range(0, KeysPerOrg).Select(key => KeyOf(org, key)))];
    }

    public IReadOnlyList<ApiKey> Keys { get; }

    public IReadOnlyCollection<Account> Accounts => accounts.Values;

    public Account AccountOf(string id) => accounts[id];

    /// <summary>Two apps belong to the first org, the third to the second.</summary>
    public static string OrgOfApp(int app) => app < 2 ? "o0" : "o1";

    public static int UserOfKey(int key) => key / 2;

    public static int TeamOfUser(int user) => user / 2;

    public static int AppOfKey(int org, int key) => org == 0 ? key % 2 : 2;

    private static ApiKey KeyOf(int org, int key)
    {
        int user = UserOfKey(key);
        int app = AppOfKey(org, key);
        return new ApiKey(
            $"acme.o{org}.k{key}",
            $"sk-chaos-o{org}-k{key}",
            $"o{org}",
            ["tenant:acme", $"org:acme.o{org}", $"team:acme.o{org}.t{TeamOfUser(user)}", $"user:acme.o{org}.u{user}", $"key:acme.o{org}.k{key}",
                $"app:acme.{OrgOfApp(app)}.a{app}"]);
    }

    private static void Repeat(int count, Action<int> action)
    {
        for (int i = 0; i < count; i++)
        {
            action(i);
        }
    }

    /// <param name="share">How many of its kind the tenant's traffic is divided among.</param>
    /// <param name="holdsAtOnce">Holds that fit at the start.</param>
    private void Add(string id, Random dice, int share, int holdsAtOnce, int? concurrent, params (Metric Metric, string Period)[] quotas) =>
        accounts.Add(id, new Account(id, [.. quotas.Select(quota => QuotaOf(quota.Metric, quota.Period, share, holdsAtOnce, dice))], concurrent));

    private static Quota QuotaOf(Metric metric, string period, int share, int holdsAtOnce, Random dice)
    {
        // Around its share: which of the limits refuses differs from key to key. Wide accounts are wider, or none below them would ever matter.
        long percent = share <= WideShareMax ? dice.Next(120, 300) : dice.Next(50, 200);
        (long used, long held) = metric switch
        {
            Metric.Requests => (1L, 5L),
            Metric.Tokens => (TokensUsed, TokensHeld),
            _ => (NanoUsed, NanoHeld),
        };

        // A minute begins anew by itself, so its quota need not grow.
        return period == "minute"
            ? new Quota(metric, period, Math.Max(60L * RequestsPerSecond * used * percent / 100 / share, held), 0)
            : new Quota(metric, period, held * holdsAtOnce, Math.Max(RequestsPerSecond * used * percent / 100 / share, 1));
    }
}
