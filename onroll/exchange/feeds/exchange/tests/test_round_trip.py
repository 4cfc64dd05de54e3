"""The exchange format keeps everything: out and in again gives the same bytes, twice changes nothing."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.authorities.actions import set_up_authority
from onroll.children.models import CareEpisode, Child, PlacementAddress
from onroll.children.queries import roll
from onroll.exchange import engine
from onroll.exchange.feeds.exchange.exporting import export
from onroll.exchange.plans import Options
from onroll.exchange.reading import Upload, gather
from onroll.people.models import Post

TODAY = date(2026, 11, 12)

FILES = {
    "authority.csv": """code,name,region
336,Wolverhampton,West Midlands
""",
    "calendar.csv": """kind,academic_year,term,start,end
pep_deadline,2026-27,autumn,2026-11-27,2026-11-28
term,2026-27,autumn,2026-09-02,2026-12-19
""",
    "schools.csv": """setting_id,urn,name,la_code,phase,type,status,postcode,high_cost
900001,900001,Larkfield Primary School,336,primary,Community school,Open,ZZ1 1AA,no
900002,900002,Fernhill Academy,336,secondary,Academy,"Open, but proposed to close",ZZ1 1AB,
TUTOR-1,,Quiet Room Tutors,336,ap,Tutor,open,,yes
""",
    "inspections.csv": """setting_id,inspected_on,overall,report
900001,2023-05-10,2,
900002,2026-01-20,,area grades
""",
    "people.csv": """email,given_name,family_name,role,team,setting_id,start,end
marcus.bell@example.org,Marcus,Bell,designated_teacher,,900002,2024-09-01,
sam.okoro@example.org,Sam,Okoro,youth_justice,,,2025-01-06,
tom.adeyemi@example.org,Tom,Adeyemi,social_worker,Team One,,2024-01-01,
""",
    "sharing_agreements.csv": """title,parties,purpose,lawful_basis,start,end,review_on
Youth justice 2025,Council and youth justice service,Plans and reviews,Crime and Disorder Act,2025-01-01,,2027-01-01
""",
    "post_reviews.csv": """email,role,team,setting_id,start,review_on,agreement
marcus.bell@example.org,designated_teacher,,900002,2024-09-01,2026-11-01,
sam.okoro@example.org,youth_justice,,,2025-01-06,2027-01-06,Youth justice 2025
tom.adeyemi@example.org,social_worker,Team One,,2024-01-01,2027-03-01,
""",
    "children.csv": (
        "child_id,upn,uln,given_name,family_name,known_as,birth_date,sex,ethnicity,first_language,religion,uasc,"
        "disability,fsm,held_as,upn_unknown,former_upn,uasc_until\n"
        "00417,H801200001001,,Mia,Dawson,,2013-03-04,F,WBRI,English,,no,,yes,own,,,\n"
        "00418,,,=Noah,Birch,Nono,2015-10-10,M,,,,,,,own,UN1,,\n"
    ),
    "care_episodes.csv": (
        "child_id,start,end,legal_status,reason_new,reason_ceased,placement_type,placement_provider,"
        "placement_la_code,placement_postcode,placement_urn,disclosure,address,home_postcode,category_of_need,"
        "reason_place_change,provisional_end\n"
        '00417,2021-06-18,2025-01-20,C1,S,X1,U6,PR1,336,ZZ1 1ZZ,,not_to_family,"4 Elm Row, Ashcombe",ZZ9 9ZZ,N1,,\n'
        "00417,2025-01-20,,C2,B,,U6,PR4,341,ZZ2 2ZZ,,only_named_users,,ZZ9 9ZZ,N1,CARPL,\n"
        "00418,2024-01-10,2024-02-10,V2,S,E8,U6,PR1,,,,,,,N4,,\n"
        "00418,2025-08-01,2026-04-01,V2,S,,K2,PR3,,,SC123456,not_to_family,,,N4,,yes\n"
    ),
    "allocations.csv": """child_id,email,role,start,end
00417,tom.adeyemi@example.org,social_worker,2024-05-01,
""",
    "needs.csv": """child_id,kind,value,start,end
00417,eal,no,2021-06-18,
00417,ehc_plan,2027-02-01,2025-02-01,
00417,sdq,12,2026-09-30,
00417,sdq,SDQ2,2025-09-30,2026-09-30
00417,sen_primary_need,SEMH,2023-01-09,
00417,sen_provision,K,2023-01-09,
""",
    "school_places.csv": (
        "child_id,setting_id,start,end,kind,hours_per_week,full_time_hours,leaving_reason,disclosure,"
        "why_this_school,confirmed_on,follows_closure\n"
        "00417,900001,2018-09-04,2025-02-01,main,25,25,unplanned,ordinary,,,\n"
        "00417,900002,2025-02-10,,main,12.5,25,,ordinary,near her friends,2025-02-12,\n"
        "00418,,2026-09-01,,awaiting,,,,ordinary,,,\n"
    ),
    "names.csv": """child_id,given_name,family_name,known_as,start,end,reason
00417,Mia,Marsh,,2013-03-04,2021-09-01,Change by deed
""",
    "statuses.csv": """child_id,kind,start,end,lawful_basis,other_authority,notified_on,notified_of
00418,care_leaver,2026-04-01,,,,,
""",
    "reviews.csv": """child_id,on,held,participation
00417,2026-05-01,yes,PN1
00417,2027-01-19,no,
""",
    "missing.csv": """child_id,kind,start,end
00417,M,2025-12-01,2025-12-02
""",
    "previous_permanence.csv": """child_id,kind,la_code,date
00418,P1,336,zz/zz/2019
""",
    "care_leaver_contacts.csv": """child_id,on,in_touch,activity,accommodation
00418,2026-03-31,YES,F2,K1
""",
    "links_closed.csv": """child_id,email,tie,declared,start,end
00417,marcus.bell@example.org,neighbour,yes,2026-02-01,
00418,sam.okoro@example.org,relative,no,2025-02-01,2026-02-01
""",
    "named.csv": """child_id,about,knows,email,setting_id,words,start,end
00417,home,no,,,"Ray Dawson, uncle",2025-01-20,
00417,home,no,,900001,,2025-01-20,
00417,home,yes,tom.adeyemi@example.org,,,2025-01-20,
""",
    "service_cases.csv": """child_id,email,service,about,start,end
00417,sam.okoro@example.org,youth_justice,Referral order,2026-01-12,2026-07-12
""",
    "young_adult_agreements.csv": """child_id,email,setting_id,told,start,end
00418,,900002,In person at the review,2026-04-02,
00418,tom.adeyemi@example.org,,By letter,2026-04-02,2026-06-30
""",
    "settings_told.csv": """child_id,setting_id,told_on,about,to_whom,text,why,told_by
00417,900002,2026-02-10,health;sen,"M. Bell, SENCO","Let her leave, with a card",She asked,tom.adeyemi@example.org
""",
    "results.csv": """child_id,setting_id,academic_year,term,stage,subject,measure,value,source,status,on_track,goal
00417,900002,2025-26,,ks2,Reading,scaled_score,101,NCER,final,,
00417,900002,2026-27,autumn,termly,Maths,teacher_assessment,Working towards,PEP,,no,Expected
00418,,2026-27,autumn,termly,Literacy,,,school,provisional,not_known,
""",
    "destinations.csv": """child_id,on,activity,provider,since
00417,2026-10-01,210,Ashcombe Sixth Form,2026-09-04
00418,2026-03-31,540,,
""",
    "pep_form_versions.csv": (
        "version,made_on,what,declared,made_by\n"
        '1,2026-04-20,Question “Bus pass?” added,"{""hints"": {}, ""keys"": 1, ""off"": [""friends""], ""questions"": '
        '[{""carried"": true, ""filled_by"": ""social_worker"", ""forms"": [""school_age""], ""hint"": """", ""key"": '
        '""local_1"", ""kind"": ""yes_no"", ""options"": [], ""part"": ""d"", ""required"": false, ""retired"": false, '
        '""section"": ""care"", ""words"": ""Bus pass?""}], ""sections"": [], ""titles"": {}}",'
        "tom.adeyemi@example.org\n"
    ),
    "peps.csv": """child_id,pep_id,kind,initial,academic_year,term,due_on,meeting_on,submitted_on,signed_off_on,grade,\
young_person_attended,voice_recorded,vs_attended,sent_to_iro_on,plan_kind,form,state,started_on,support_required,\
exempt_reason,opens_on,start_by,why,held_on,returned_on,return_reason,closed_on,closing_reason,edition,lead_part_on,\
social_worker_part_on,carer_part_on,virtual_school_part_on,outside_lessons,school_right,support_right,setting_id,\
support_by,meeting_time,meeting_minutes,meeting_mode,meeting_place,next_meeting_on,support_asked_on,local_version
00417,P1,school_age,no,2025-26,summer,2026-06-12,2026-06-02,2026-06-10,2026-06-18,good,yes,yes,no,2026-06-20,termly,\
school_age,signed_off,2026-05-20,school,,2026-04-13,,"Due, as every term",2026-06-02,2026-06-11,Say how often,,,2,\
2026-06-03,2026-06-04,,,no,Yes,Partly,900002,tom.adeyemi@example.org,15:30,45,in_person,The library,2026-11-20,\
2026-05-18,1
00417,P2,school_age,no,2026-27,autumn,2026-11-27,2026-11-20,,,,,,,,termly,school_age,booked,,,,2026-09-02,,,,,,,,1,\
,,,,,,,,,,60,,,,,0
00418,P1,early_years,yes,2025-26,autumn,2025-08-29,,,,,,,,,initial,early_years,exempt,,,left_care,,2025-08-15,,,,,\
2025-08-20,Went home,1,,,,,,,,,,,60,,,,,0
""",
    "pep_targets.csv": """child_id,pep_id,target_id,area,text,baseline,success,due_on,outcome,evidence,intervention,\
kind,ambitious,from_voice,owner,change_on,audit_grade,place,need,action,when,where,how_often,own_words,set_aside,\
effect,next,change_recorded,reviewed_on
00417,P1,T1,english,"Read 80 words, correctly",52 words,Read aloud to Ms Bell,2026-11-06,partly,71 words,\
phonics_catch_up,in_term,yes,no,Ms Bell,2026-11-06,good,1,Reading,Read a page,Mornings,Library,Daily,I want to read,\
"{""T03"": ""Agreed with her""}",A little,goes_on,Twice a day,2026-11-06
00417,P1,T2,aspiration,Visit a college,,,,,,a thing of our own,end_of_year,,,,,,2,,,,,,,,,,,
""",
    "pep_audits.csv": """child_id,pep_id,audited_on,auditor,grade,pp_use_appropriate,copied_to,filed_on_case_record,\
iro_sent_on,dt_sent_on,sw_sent_on,audit_id,second,drawn_on,why_drawn,auditor_email,rubric,ticks,grades,strong,to_do,\
feedback,changed_ticks,target_grades,agreed_grade,agreed_why,agreed_on,agreed_by
00417,P1,2026-06-25,Tom Adeyemi,good,partly,iro;sw,yes,2026-06-26,,2026-06-26,A1,no,2026-06-19,One of each school,\
tom.adeyemi@example.org,four_grade_2026,"[""voice-1"", ""targets-2""]","{""targets"": ""good""}",Her voice,Dates,\
"{""targets"": ""Say when""}","{""voice-1"": ""She said it""}","{""T1"": ""good""}",good,Both read it again,2026-06-29,\
Hana Reid
00417,P1,2026-06-27,R. Stone,requires_improvement,,,,,,,A2,yes,,,,,,,,,,,,,,,
""",
    "pp_requests.csv": """child_id,request_id,pep_id,target_id,academic_year,term,financial_year,grant,fund,category,\
requested_on,amount,decided_on,decision,approved_amount,paid_on,spent,impact,evidence,fed_back_on,buys,effect,\
taken_back_on
00417,R1,P1,T1,2025-26,summer,2026-27,ppplus,school,literacy,2026-06-02,450.00,2026-06-20,approved,400.00,2026-07-01,\
380.50,partly,71 words,2026-06-21,A tutor for ten weeks,80 words,
00418,R2,,,2025-26,autumn,2025-26,eypp,central,,2025-09-02,20.00,,,,,,,,,,,2025-09-10
""",
    "pep_answers.csv": """child_id,pep_id,section_key,part,answers,version,saved_by,saved_at
00417,P1,voice,h,"{""liked"": ""The library, “mostly”"", ""people"": [""Ms Bell"", ""Nan""]}",3,\
tom.adeyemi@example.org,2026-06-03T09:30:00+00:00
00417,P1,voice,h+S,"{""wish"": ""A dog""}",1,,2026-06-03T09:31:00.250000+00:00
""",
    "pep_sections.csv": """child_id,pep_id,section_key,finished_on,finished_by
00417,P1,voice,2026-06-04,tom.adeyemi@example.org
""",
    "pep_signatures.csv": """child_id,pep_id,signed_as,on,by,by_name,instead
00417,P1,lead,2026-06-10,,Marcus Bell,Away until September
00417,P1,social_worker,2026-06-12,tom.adeyemi@example.org,Tom Adeyemi,
""",
    "pep_people.csv": """child_id,pep_id,part,account,name,invited_on,reply,replied_on,reminded_on,sent_views,attendance
00417,P1,family,,"Gran, on the telephone",2026-05-20,coming,2026-05-21,,no,came
00417,P1,social_worker,tom.adeyemi@example.org,,2026-05-20,cannot,2026-05-28,2026-05-27,yes,apologies
""",
    "pep_actions.csv": """child_id,pep_id,what,due_on,owner,owner_words,done_on,dropped_on,reason
00417,P1,"Ask for the form, by letter",2026-06-30,tom.adeyemi@example.org,,2026-06-28,,
00417,P1,Lend a laptop,2026-07-07,,The SENCO,,2026-07-01,She has one
""",
    "pep_reviews.csv": """child_id,on,used,pep_id,said_on,said_by,by_name
00417,2026-07-01,yes,P1,2026-07-02,tom.adeyemi@example.org,Tom Adeyemi
00418,2026-03-01,no,,2026-03-01,,
""",
    "plans.csv": """plan_id,title,service,accountable,start,end,context,notes,agreed_on,follows
2025,Work plan 2025/26,Children looked after,Hana Reid,2025-09-01,2026-09-01,,,,
2026,Work plan 2026/27,Children looked after,Hana Reid,2026-09-01,2027-09-01,"What we saw,
and when",A note,2026-09-08,2025
""",
    "plan_sections.csv": """plan_id,position,title
2025,1,PEPs
2026,1,PEPs
2026,2,Attendance
""",
    "plan_goals.csv": """plan_id,kind,position,words
2026,criterion,1,Three in four PEPs are good
2026,priority,1,A PEP that changes something
""",
    "plan_actions.csv": """plan_id,section,reference,action,lead,outcome,start,end,measures,update,rag,action_id,\
position,measured_by,start_on,due_on,ongoing,rhythm,lead_emails,led_to,rag_printed
2025,PEPs,1.4,Read every PEP twice,Hana Reid;VSO,Better PEPs,July 2025,March 2027,W16;W17,A third were good,\
In Progress,A1,1,70% good,2025-07-01,2027-03-31,no,,tom.adeyemi@example.org;,2026,Off Track
2026,Attendance,,Ring on the first day,,,,2026-10-01 and ongoing (weekly),,,,A2,2,,2026-10-01,,yes,week,,,
2026,PEPs,1.1,Read every PEP twice,Hana Reid;VSO,Better PEPs,July 2025,March 2027,W16;W17,A third were good,\
In Progress,A1,1,70% good,2025-07-01,2027-03-31,no,,tom.adeyemi@example.org;,2026,Off Track
""",
    "plan_updates.csv": """action_id,on,words,by,evidence
A1,2026-10-12,"Two schools had help, one more to come",Hana Reid,Audit <https://example.org/audit?of=10>;Minutes <https://example.org/m>
A1,2026-11-02,Half are good,Hana Reid,
""",
    "plan_ratings.csv": """action_id,on,rag,by
A1,2026-09-30,Off Track,Hana Reid
A1,2026-10-12,In Progress,Hana Reid
""",
    "plan_milestones.csv": """action_id,position,milestone,kind,due_on,achieved_on,warn_weeks
A1,1,Dec 2026: everybody is trained,step,2026-12-31,,0
A2,1,Telephone contract ends,contract_end,2027-03-31,,12
""",
    "plan_meetings.csv": """action_id,title,on,first_on,state,working_group,notes
A1,PEP working group,2026-12-04,2026-12-04,cancelled,yes,Too few could come
A1,PEP working group,2027-01-15,2027-01-08,arranged,yes,
""",
    "plan_steps.csv": """action_id,meeting,on,position,step,who,due_on,done_on
A1,PEP working group,2027-01-15,1,Bring three PEPs,Hana Reid,2027-01-14,
""",
    "plan_asked.csv": """action_id,item,asked_of,requested_on,supplied_on
A1,PEPs by team,Business intelligence,2026-09-14,2026-10-02
A2,Marks of autumn,Business intelligence,2026-10-21,
""",
    "plan_links.csv": """plan_id,goal,goal_position,action_id,kind,code,words
,,,A1,duty,D07,
,,,A1,principle,P5,
2026,,,,duty,D03,as the guidance says
2026,priority,1,,analysis,,Annual report 2025
""",
    "duty_answers.csv": """duty,on,met,proof,by
D03,2026-09-30,no,Two settings were missing,Hana Reid
D03,2026-10-30,yes,The roll was checked,Hana Reid
""",
    "targets.csv": """measure,start,end,characteristic,group,value,better,due_on,by_autumn,by_spring,set_by,set_on
good-schools,2026-09-01,2027-09-01,,,85,higher,2027-08-31,,,tom.adeyemi@example.org,2026-09-02
school-changes,2026-09-01,2027-09-01,phase,primary,12.5,lower,2027-08-31,4,8.25,,2026-09-02
""",
}


def uploads(**changed: str) -> list[Upload]:
    named = {name.removesuffix(".csv"): text for name, text in FILES.items()}
    return [Upload(f"{name}.csv", text.encode()) for name, text in {**named, **changed}.items()]


@pytest.fixture
def actor(db):
    authority = set_up_authority("336", today=TODAY, user="test")
    return Actor.command_line(authority.pk, today=TODAY, user="test")


def load(files, actor):
    import_ = engine.preview(engine.FEEDS["exchange"], files, actor=actor, options=Options())
    assert not engine.why_not_apply(import_, actor=actor), [p.wrong for p in import_.problems.all()]
    return engine.apply(import_, actor=actor)


def written(folder: Path, actor) -> dict[str, str]:
    return {path.name: path.read_text() for path in export(folder, actor=actor)}


def test_what_comes_in_goes_out_byte_for_byte(actor, tmp_path):
    load(uploads(), actor)

    assert written(tmp_path / "out", actor) == FILES
    assert (tmp_path / "out" / "children.csv").stat().st_mode & 0o077 == 0


def test_the_same_files_again_change_nothing(actor):
    load(uploads(), actor)

    again = engine.preview(engine.FEEDS["exchange"], uploads(), actor=actor)

    assert again.would_change == 0


def test_an_import_is_undone_as_one_act(actor, tmp_path):
    import_ = load(uploads(), actor)
    before_undo = CareEpisode.unscoped.count()

    engine.undo(import_, actor=actor)

    assert before_undo == 4
    assert Child.unscoped.count() == CareEpisode.unscoped.count() == 0


def test_the_roll_of_the_files_is_the_roll_of_the_record(actor):
    load(uploads(), actor)

    found = roll(actor.authority, date(2026, 3, 31))

    assert found.children == ["00417", "00418"]
    assert found.by_phase == {"early_years": 0, "school_age": 2, "post16": 0}
    assert roll(actor.authority, date(2026, 4, 1)).awaiting_a_real_end == 1


def test_an_address_is_stored_as_ciphertext(actor):
    load(uploads(), actor)

    stored = str(list(PlacementAddress.unscoped.values_list("address", "postcode", "home_postcode")))

    assert "Elm Row" not in stored
    assert "ZZ1" not in stored


@pytest.mark.parametrize(
    ("file", "text", "wrong"),
    [
        (
            "allocations",
            "child_id,email,role,start,end\nX9,tom.adeyemi@example.org,iro,2024-05-01,\n",
            "X9 is in no row",
        ),
        ("needs", "child_id,kind,value,start,end\n00417,sen_provision,Q,2023-01-09,\n", "“Q” is not a code"),
        ("reviews", "child_id,on,held,participation\n00417,2026-13-01,yes,\n", "is not a day like"),
        (
            "school_places",
            "child_id,setting_id,start,end,kind\n00417,900001,2018-09-04,2025-03-01,main\n"
            "00417,900002,2025-02-10,,main\n",
            "falls into another main place",
        ),
    ],
)
def test_a_row_that_does_not_fit_stops_everything_and_says_which(actor, file, text, wrong):
    import_ = engine.preview(engine.FEEDS["exchange"], uploads(**{file: text}), actor=actor)

    problem = import_.problems.get(grade="stops")
    assert wrong in problem.wrong
    assert problem.file == f"{file}.csv"
    assert problem.line >= 2
    with pytest.raises(engine.Refused, match="1 row stops"):
        engine.apply(import_, actor=actor)
    assert Child.unscoped.count() == 0


def test_a_load_never_loosens_a_mark(actor):
    load(uploads(), actor)
    looser = FILES["care_episodes.csv"].replace("only_named_users", "ordinary")

    load(uploads(care_episodes=looser), actor)

    marks = set(PlacementAddress.unscoped.values_list("disclosure", flat=True))
    assert "only_named_users" in marks
    assert "ordinary" not in marks


def test_a_load_opens_nothing_that_was_closed(actor):
    load(uploads(), actor)

    for file, closed in {
        "links_closed": ("neighbour,yes,2026-02-01,\n", "neighbour,yes,2026-02-01,2026-03-01\n"),
        "named": (',"Ray Dawson, uncle",2025-01-20,\n', ',"Ray Dawson, uncle",2025-01-20,2026-01-01\n'),
    }.items():
        looser = FILES[f"{file}.csv"].replace(*closed)
        assert looser != FILES[f"{file}.csv"]
        import_ = engine.preview(engine.FEEDS["exchange"], uploads(**{file: looser}), actor=actor)
        assert "a load opens nothing that was closed" in import_.problems.get(grade="stops").wrong


@pytest.mark.parametrize(
    "file", ["links_closed", "named", "service_cases", "young_adult_agreements", "settings_told", "sharing_agreements"]
)
def test_what_opens_or_closes_a_record_is_loaded_by_no_person(actor, file):
    whole = FILES[f"{file}.csv"]
    load(uploads(**{file: whole.split("\n", 1)[0] + "\n", "post_reviews": ""}), actor)
    person = replace(actor, account=Account.objects.earliest("pk").pk, role=Role.DATA_OFFICER)

    import_ = engine.preview(engine.FEEDS["exchange"], [Upload(f"{file}.csv", whole.encode())], actor=person)

    wrong = [problem.wrong for problem in import_.problems.filter(grade="stops")]
    assert wrong
    assert all("from the command line alone" in words for words in wrong)


def test_a_post_that_nobody_confirmed_has_lapsed_in_the_new_place_too(actor):
    load(uploads(post_reviews=FILES["post_reviews.csv"].replace("2027-03-01", "2025-03-01")), actor)

    live = {post.account.given_name for post in Post.objects.live(TODAY).select_related("account")}

    assert live == {"Marcus", "Sam"}
    again = engine.preview(engine.FEEDS["exchange"], uploads(), actor=actor)
    assert again.would_change == 1


def test_files_are_read_from_a_folder(actor, tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)

    load(gather([tmp_path]), actor)

    assert Child.unscoped.count() == 2


def test_the_exchange_format_is_offered_on_no_page(client, actor):
    from onroll.authorities.models import Authority
    from onroll.children.tests.scene import a_person

    account, _ = a_person(Authority.objects.get(), Role.DATA_OFFICER)
    client.force_login(account)

    assert "Exchange format" not in client.get("/data").content.decode()
    assert client.get("/data/load/exchange").status_code == 404
    assert client.get("/data/load/ssda903").status_code == 200


# The files of the contract with its own columns alone: what came later is optional, and may be missing.
AS_THE_CONTRACT_HAS_THEM = {
    "schools.csv": """setting_id,urn,name,la_code,phase,type,status,postcode,high_cost
900001,,Hillside Primary,336,primary,,open,,
""",
    "children.csv": """child_id,upn,uln,given_name,family_name,known_as,birth_date,sex,ethnicity,first_language,\
religion,uasc,disability,fsm
00501,,,Mia,Dawson,,2016-05-06,F,WBRI,,,no,no,no
""",
    "care_episodes.csv": """child_id,start,end,legal_status,reason_new,reason_ceased,placement_type,placement_provider,\
placement_la_code,placement_postcode,placement_urn
00501,2024-06-01,,C2,S,,U6,PR1,336,,
""",
    "school_places.csv": """child_id,setting_id,start,end,kind,hours_per_week,full_time_hours,leaving_reason
00501,900001,2024-09-03,,main,,,
""",
}


def test_files_with_the_columns_of_the_contract_alone_put_a_child_on_the_roll(actor):
    load([Upload(name, text.encode()) for name, text in AS_THE_CONTRACT_HAS_THEM.items()], actor)

    child = Child.unscoped.get()
    assert child.held_as == Child.HeldAs.OWN
    assert roll(actor.authority, date(2026, 3, 31)).children == ["00501"]
