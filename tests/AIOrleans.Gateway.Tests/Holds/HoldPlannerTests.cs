using System.Text;
using AIOrleans.Core.Callers;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Gateway.Holds;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Gateway.Tests.Holds;

public sealed class HoldPlannerTests
{
    private static readonly Caller Caller = Core.Callers.Caller.Of(
        new KeyConfig("acme", "eng", "k1", "dev", null, null, "", [], LimitsConfig.None, AccessConfig.Default, null, false), null, null, null, null, null);

    private static readonly ModelConfig Model = new("gpt-4o", [], null, true, 128_000, 4_000);

    private static readonly ModelPrices Free = new([], []);

    [Fact]
    public void Expects_what_calls_of_the_same_key_and_model_have_used()
    {
        var planner = new HoldPlanner(new Estimators());
        CallFacts request = Request();
        for (int i = 0; i < 50; i++)
        {
            planner.Learn(Caller, Model, request, new TokenUsage { UncachedInput = 40, Output = 100 });
        }

        HoldPlan plan = planner.PlanOf(Caller, Model, Free, request, TokenFamily.O200k);

        // An estimate is at most 19 % above the longest answers; the input is known exactly, also to an attempt that tells nothing.
        Assert.Equal(40, plan.ExpectedInputTokens);
        Assert.InRange(plan.Expected.Tokens, 140, 40 + 119);
        Assert.True(plan.Worst.Tokens > 4_000);
    }

    [Fact]
    public void A_call_for_several_answers_teaches_the_length_of_one()
    {
        var planner = new HoldPlanner(new Estimators());
        for (int i = 0; i < 50; i++)
        {
            planner.Learn(Caller, Model, Request(answers: 4), new TokenUsage { UncachedInput = 40, Output = 400 });
        }

        Assert.InRange(planner.PlanOf(Caller, Model, Free, Request(), TokenFamily.O200k).Expected.Tokens, 120, 170);
        Assert.InRange(planner.PlanOf(Caller, Model, Free, Request(answers: 4), TokenFamily.O200k).Expected.Tokens, 420, 4 * 130);
    }

    [Fact]
    public void A_list_of_texts_is_expected_to_fill_more_than_one_context()
    {
        string texts = string.Join(',', Enumerable.Repeat($"\"{new string('x', 300_000)}\"", 4));

        // ! The body is right.
        CallFacts request = CallReader.Read(Encoding.UTF8.GetBytes($$"""{"model":"m","input":[{{texts}}]}"""), WireFormat.OpenAiEmbeddings).Call!;
        HoldPlan plan = new HoldPlanner(new Estimators()).PlanOf(Caller, Model, Free, request, TokenFamily.Cl100k);
        Assert.InRange(plan.ExpectedInputTokens, 2 * 128_000, 4 * 128_000);
        Assert.Equal(4 * 128_000, plan.Worst.Tokens);
    }

    [Fact]
    public void Before_any_call_was_seen_the_texts_are_estimated()
    {
        var planner = new HoldPlanner(new Estimators());

        // Hexadecimal is about two bytes a token, and Chinese one and a half characters.
        Assert.InRange(Guess("0f3a9c5571be20d4886a13ffe0917c4b2d5560af83c1e79b"), 25, 45);
        Assert.InRange(Guess("请帮我把这封信翻译成英文，并且检查一下语法。"), 16, 30);
        Assert.Equal(planner.CountOf(Caller, Model, Request(), TokenFamily.O200k), planner.PlanOf(Caller, Model, Free, Request(), TokenFamily.O200k).ExpectedInputTokens);

        long Guess(string text) => planner.PlanOf(Caller, Model, Free, Request(text: text), TokenFamily.O200k).ExpectedInputTokens;
    }

    [Fact]
    public void Counts_as_learned_once_five_calls_were_seen()
    {
        var planner = new HoldPlanner(new Estimators());
        long estimated = planner.CountOf(Caller, Model, Request(), TokenFamily.O200k);
        for (int i = 0; i < 4; i++)
        {
            planner.Learn(Caller, Model, Request(), new TokenUsage { UncachedInput = 77, Output = 1 });
        }

        Assert.Equal(estimated, planner.CountOf(Caller, Model, Request(), TokenFamily.O200k));
        planner.Learn(Caller, Model, Request(), new TokenUsage { UncachedInput = 77, Output = 1 });
        Assert.Equal(77, planner.CountOf(Caller, Model, Request(), TokenFamily.O200k));
    }

    [Fact]
    public void What_has_no_text_is_guessed_by_its_bytes()
    {
        const string Json = """{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,AAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}]}]}""";

        // ! The body is right.
        CallFacts request = CallReader.Read(Encoding.UTF8.GetBytes(Json), WireFormat.OpenAiChat).Call!;
        Assert.Equal((Json.Length + 3) / 4, new HoldPlanner(new Estimators()).PlanOf(Caller, Model, Free, request, TokenFamily.O200k).ExpectedInputTokens);
    }

    private static CallFacts Request(int answers = 1, string? text = null)
    {
        string json = $$"""{"model":"gpt-4o","n":{{answers}},"messages":[{"role":"user","content":"{{text ?? new string('x', 80)}}"}]}""";

        // ! The body is right.
        return CallReader.Read(Encoding.UTF8.GetBytes(json), WireFormat.OpenAiChat).Call!;
    }
}
